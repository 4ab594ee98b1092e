/** The way of a call through the broker, as OpenTelemetry has it: how long each step took, and nothing of what was in it. */
@NullMarked
package dev.keyproof.broker.trace;

import org.jspecify.annotations.NullMarked;
