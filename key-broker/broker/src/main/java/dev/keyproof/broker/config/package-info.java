/** What an operator sets, validated, and the one line that says what is wrong with it. */
@NullMarked
package dev.keyproof.broker.config;

import org.jspecify.annotations.NullMarked;
