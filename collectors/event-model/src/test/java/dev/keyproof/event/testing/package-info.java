/**
 * What other modules' tests need to hold events against the published schema. Knows no part of Keyproof but the event.
 */
@NullMarked
package dev.keyproof.event.testing;

import org.jspecify.annotations.NullMarked;
