package dev.keyproof.broker.journal;

import dev.keyproof.log.journal.JournalPosition;

/** A record that is durable. */
public record Recorded(String uid, JournalPosition position) {}
