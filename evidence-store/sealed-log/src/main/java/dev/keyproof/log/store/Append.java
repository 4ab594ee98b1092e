package dev.keyproof.log.store;

import dev.keyproof.log.LogException;

/** Something to append: it waits in the queue, writes its entries in the commit turn, and hears how it ended. */
public interface Append {
    /** Most entries that it will add. */
    int entries();

    /** Most bytes that its entries will have. */
    int bytes();

    /**
     * Adds the entries. One append at a time is asked, in the order in which they were given.
     *
     * @throws Exception to add no more; what was added stays
     */
    void write(EntrySink sink) throws Exception;

    /** All that was added is on disk. Runs on a commit thread: short. */
    void durable();

    /** There was no room: {@link #write} was not called. */
    void refused(LogException cause);

    /** The writer threw, or the log is poisoned or closed. */
    void failed(Throwable cause);

    /** Nobody waits. */
    Append NOBODY = new Append() {
        @Override
        public int entries() {
            return 0;
        }

        @Override
        public int bytes() {
            return 0;
        }

        @Override
        public void write(EntrySink sink) {}

        @Override
        public void durable() {}

        @Override
        public void refused(LogException cause) {}

        @Override
        public void failed(Throwable cause) {}
    };
}
