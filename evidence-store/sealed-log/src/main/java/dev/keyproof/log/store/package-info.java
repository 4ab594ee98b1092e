/**
 * Entries on disk: preallocated segments of concatenated entry bundles, group commit, the commit file, recovery. Shared by the sealed
 * log and the journal; nothing outside of this module should use it.
 */
@NullMarked
package dev.keyproof.log.store;

import org.jspecify.annotations.NullMarked;
