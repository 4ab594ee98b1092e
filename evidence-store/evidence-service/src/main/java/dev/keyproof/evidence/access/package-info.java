/**
 * Who may do what with evidence, as policy decides, and what was done: sealed before it is answered. Knows nothing of HTTP.
 */
@NullMarked
package dev.keyproof.evidence.access;

import org.jspecify.annotations.NullMarked;
