/**
 * What is kept beside the log, named by digest. Knows no log.
 */
@NullMarked
package dev.keyproof.evidence.artifact;

import org.jspecify.annotations.NullMarked;
