/**
 * The keys of the evidence service, the signed head, and when it was. Knows no Kafka and no entry.
 */
@NullMarked
package dev.keyproof.evidence.head;

import org.jspecify.annotations.NullMarked;
