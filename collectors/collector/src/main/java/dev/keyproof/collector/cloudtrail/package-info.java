/**
 * CloudTrail's files of KMS records, made OCSF by a table of our own; what is damaged or unknown is quarantined. Knows no
 * Kafka and no AWS SDK.
 */
@NullMarked
package dev.keyproof.collector.cloudtrail;

import org.jspecify.annotations.NullMarked;
