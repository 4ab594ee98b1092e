package dev.keyproof.verify;

/** Takes entries in their order, each proven. */
interface EntrySink {
    /** {@code file} is where the entry stands in the pack. */
    void entry(Entry entry, String file);
}
