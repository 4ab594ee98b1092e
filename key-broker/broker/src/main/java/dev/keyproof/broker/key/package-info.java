/** Keys as the broker knows them: states, transitions, versions, their rows and the leased view of them. Knows no device. */
@NullMarked
package dev.keyproof.broker.key;

import org.jspecify.annotations.NullMarked;
