/** How fast the log takes entries, beside a plain loop of write and fdatasync. Knows the log's public face only. */
@NullMarked
package dev.keyproof.log.bench;

import org.jspecify.annotations.NullMarked;
