/**
 * Loads a policy bundle and decides in process. Knows no caller and no transport.
 */
@NullMarked
package dev.keyproof.policy;

import org.jspecify.annotations.NullMarked;
