/** Whether the broker can do its work, part by part, and how it takes leave of its callers. */
@NullMarked
package dev.keyproof.broker.health;

import org.jspecify.annotations.NullMarked;
