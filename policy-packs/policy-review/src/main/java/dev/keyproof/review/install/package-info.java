/** The policy of an installation: the packs with its own overlays, signed by its own key. Knows no part that decides by it. */
@NullMarked
package dev.keyproof.review.install;

import org.jspecify.annotations.NullMarked;
