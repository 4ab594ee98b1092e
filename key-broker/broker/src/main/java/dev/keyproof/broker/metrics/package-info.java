/** What is counted and timed of the broker's work: no key, no caller, no value of theirs. */
@NullMarked
package dev.keyproof.broker.metrics;

import org.jspecify.annotations.NullMarked;
