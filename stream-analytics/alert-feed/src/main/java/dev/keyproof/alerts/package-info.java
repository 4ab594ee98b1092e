/**
 * Delivers alerts to receivers.
 */
@NullMarked
package dev.keyproof.alerts;

import org.jspecify.annotations.NullMarked;
