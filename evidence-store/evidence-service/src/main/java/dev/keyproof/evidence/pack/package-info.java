/**
 * Makes packs, and has each verified before it is handed out. Knows no Kafka.
 */
@NullMarked
package dev.keyproof.evidence.pack;

import org.jspecify.annotations.NullMarked;
