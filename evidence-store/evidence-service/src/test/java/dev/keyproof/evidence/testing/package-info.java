/** What several tests of this module need. */
@NullMarked
package dev.keyproof.evidence.testing;

import org.jspecify.annotations.NullMarked;
