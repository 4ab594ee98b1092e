/**
 * What an operator sets, checked before anything starts. Knows no part that it configures.
 */
@NullMarked
package dev.keyproof.evidence.config;

import org.jspecify.annotations.NullMarked;
