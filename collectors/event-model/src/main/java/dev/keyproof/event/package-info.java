/**
 * The one event shape: OCSF classes as records and their codec. Knows no transport and no store.
 */
@NullMarked
package dev.keyproof.event;

import org.jspecify.annotations.NullMarked;
