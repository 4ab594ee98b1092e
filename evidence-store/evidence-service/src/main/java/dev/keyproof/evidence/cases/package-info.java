/**
 * What an auditor works on: a case, the sealed records attached to it, notes, and the legal holds that keep what it needs. The log is
 * where it all stands. Knows nothing of packs and of HTTP.
 */
@org.jspecify.annotations.NullMarked
package dev.keyproof.evidence.cases;
