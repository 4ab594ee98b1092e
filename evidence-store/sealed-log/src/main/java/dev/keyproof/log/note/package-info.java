/**
 * C2SP signed notes and tlog checkpoints: format, strict parsing, verification. Signing happens elsewhere, for instance in a token.
 */
@NullMarked
package dev.keyproof.log.note;

import org.jspecify.annotations.NullMarked;
