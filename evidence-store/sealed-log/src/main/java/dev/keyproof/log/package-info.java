/**
 * What all parts of the log share: its exceptions, options and reports. The parts are in the packages below and know no event, no Kafka
 * and no Spring.
 */
@NullMarked
package dev.keyproof.log;

import org.jspecify.annotations.NullMarked;
