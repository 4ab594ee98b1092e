/**
 * The logs by year, and files that are wholly there or not at all. Knows no Kafka, no key and no pack.
 */
@NullMarked
package dev.keyproof.evidence.store;

import org.jspecify.annotations.NullMarked;
