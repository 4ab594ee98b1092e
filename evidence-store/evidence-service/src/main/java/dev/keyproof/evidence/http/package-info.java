/**
 * What is asked of the evidence service over HTTP. Decides nothing.
 */
@NullMarked
package dev.keyproof.evidence.http;

import org.jspecify.annotations.NullMarked;
