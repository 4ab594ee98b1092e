/** How the database is asked, and what a caller learns when it does not answer. */
@NullMarked
package dev.keyproof.broker.database;

import org.jspecify.annotations.NullMarked;
