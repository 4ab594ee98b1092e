package dev.keyproof.broker.key;

/** An intent on the record: its event's uid and its place in the journal. */
public record Intent(String uid, String source, String epoch, long sequence) {}
