/**
 * What the outside world does for a demonstration: a time-stamp authority and a receiver of webhooks, both plainly marked as such.
 * They run in a process of their own and know nothing of Keyproof.
 */
@NullMarked
package dev.keyproof.launcher.demo;

import org.jspecify.annotations.NullMarked;
