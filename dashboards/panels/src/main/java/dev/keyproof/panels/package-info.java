/**
 * Panels as data, index templates, and the indexer.
 */
@NullMarked
package dev.keyproof.panels;

import org.jspecify.annotations.NullMarked;
