/**
 * The collector process: configuration, the loop, health, the census of topics. Knows the sources and the publisher; nobody
 * knows it.
 */
@NullMarked
package dev.keyproof.collector;

import org.jspecify.annotations.NullMarked;
