/**
 * Packs, signers and a time-stamp authority for the tests of every module that needs one. Software keys only.
 */
@NullMarked
package dev.keyproof.verify.testing;

import org.jspecify.annotations.NullMarked;
