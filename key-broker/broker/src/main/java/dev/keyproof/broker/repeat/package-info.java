/** First answers, kept for who repeats a call. */
@NullMarked
package dev.keyproof.broker.repeat;

import org.jspecify.annotations.NullMarked;
