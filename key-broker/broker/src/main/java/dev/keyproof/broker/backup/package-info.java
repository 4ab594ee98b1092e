/** What leaves the broker so that its keys can be restored elsewhere: wrapped keys, useless without the root of their group. */
@NullMarked
package dev.keyproof.broker.backup;

import org.jspecify.annotations.NullMarked;
