/**
 * The key broker: decides, executes and records each key operation.
 */
@NullMarked
package dev.keyproof.broker;

import org.jspecify.annotations.NullMarked;
