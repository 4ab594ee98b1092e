/** Where keys live: the interface that each provider implements. Knows neither callers nor policy nor journal. */
@NullMarked
package dev.keyproof.broker.provider;

import org.jspecify.annotations.NullMarked;
