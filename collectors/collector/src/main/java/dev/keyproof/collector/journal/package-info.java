/**
 * The broker's journal, tailed: its bytes go on unchanged, its signed heads after the events they cover. Knows no Kafka.
 */
@NullMarked
package dev.keyproof.collector.journal;

import org.jspecify.annotations.NullMarked;
