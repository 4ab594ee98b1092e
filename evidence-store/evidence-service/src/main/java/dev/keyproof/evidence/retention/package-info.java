/** When the log of a year need no longer be kept, by policy's data and legal holds, and that it is announced in time. Drops nothing. */
@org.jspecify.annotations.NullMarked
package dev.keyproof.evidence.retention;
