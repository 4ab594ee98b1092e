/**
 * Alerts out of the house: signed webhooks, each with a position of its own, and a pull API. Knows the topic of alerts and
 * nothing of how an alert comes about.
 */
@NullMarked
package dev.keyproof.alerts;

import org.jspecify.annotations.NullMarked;
