package dev.keyproof.collector.cloudtrail;

/** What becomes of one CloudTrail record. */
sealed interface Verdict {
    /**
     * An event under the key's own name.
     *
     * @param shortened whether the record did not fit and its original must be kept aside
     */
    record Accepted(String key, byte[] event, boolean shortened) implements Verdict {}

    /** Of another service: no key operation. */
    record Foreign() implements Verdict {}

    /** Not understood, with a reason that holds no value of the record. */
    record Refused(String reason) implements Verdict {}
}
