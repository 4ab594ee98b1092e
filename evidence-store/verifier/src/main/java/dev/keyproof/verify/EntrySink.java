package dev.keyproof.verify;

/** Takes entries in their order, each proven; {@code file} is where one stands in the pack. */
interface EntrySink {
    /** An entry of the scope. */
    void entry(Entry entry, String file);

    /** An entry that is there because others need it. */
    void supporting(Entry entry, String file);
}
