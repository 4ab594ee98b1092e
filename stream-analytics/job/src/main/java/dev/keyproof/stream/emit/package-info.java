/**
 * What leaves the job: records for Kafka, and findings as OCSF events. Knows no detector.
 */
@NullMarked
package dev.keyproof.stream.emit;

import org.jspecify.annotations.NullMarked;
