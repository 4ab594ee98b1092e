/**
 * The making of a group's root, its shares and their putting together. It runs in processes of their own that end after: the secret is
 * in memory for that moment. Knows no caller, no policy and no journal.
 */
@NullMarked
package dev.keyproof.broker.ceremony;

import org.jspecify.annotations.NullMarked;
