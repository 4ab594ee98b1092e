/** Packs with exactly one defect each, one for every reason; real files that the command and the page are held against. Test code. */
@NullMarked
package dev.keyproof.verify.samples;

import org.jspecify.annotations.NullMarked;
