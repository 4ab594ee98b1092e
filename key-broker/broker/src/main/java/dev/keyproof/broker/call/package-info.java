/** One call: who, from where, under which request id. Knows neither HTTP nor tokens. */
@NullMarked
package dev.keyproof.broker.call;

import org.jspecify.annotations.NullMarked;
