/** The HTTP server beneath the API: what it keeps in memory, and for how long. */
@NullMarked
package dev.keyproof.broker.http;

import org.jspecify.annotations.NullMarked;
