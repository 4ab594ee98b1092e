/**
 * Finding entries by an index in OpenSearch, and one entry with its proof. The index is derived: it says where to look, the log alone
 * what is there. Knows nothing of HTTP routes.
 */
@NullMarked
package dev.keyproof.evidence.search;

import org.jspecify.annotations.NullMarked;
