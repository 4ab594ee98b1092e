/** What the broker promises of itself, policy's data saying how much of it, and how far it keeps that. */
@NullMarked
package dev.keyproof.broker.slo;

import org.jspecify.annotations.NullMarked;
