package dev.keyproof.evidence.remote;

import dev.keyproof.evidence.store.EvidenceException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A bucket that keeps versions and locks them. Keys are below the bucket's prefix. What is overwritten or hidden by a delete marker is
 * still there by its version, so everything but {@link #newest} asks for versions. Every method fails with {@link EvidenceException}
 * if the server does not answer, or answers with something else than what is described. Thread-safe.
 */
interface Bucket extends AutoCloseable {
    /** A version of an object. */
    record Version(String key, String id) {}

    /** What is stored in a version. */
    record Stored(Version version, byte[] content) {}

    /** The bucket for people, as a URL. */
    String name();

    /**
     * Makes an object, locked in compliance mode; empty if there is one of that key.
     *
     * @throws NoVersionsException if the server gives no version id
     */
    Optional<Version> create(String key, byte[] content, Instant until) throws EvidenceException;

    /** Puts a version over whatever is there; {@code until} empty: not locked. */
    Version put(String key, byte[] content, Optional<Instant> until) throws EvidenceException;

    /** A version. */
    Stored get(Version version) throws EvidenceException;

    /** End of a version's retention in compliance mode; empty if there is none. */
    Optional<Instant> lockedUntil(Version version) throws EvidenceException;

    /** The newest version, unless there is none or a delete marker hides it. */
    Optional<Stored> newest(String key) throws EvidenceException;

    /** Is shown versions. */
    @FunctionalInterface
    interface Sight {
        void of(Version version) throws EvidenceException;
    }

    /** Shows every version of every key that begins so, by key, the newest of a key first. */
    void versions(String prefix, Sight sight) throws EvidenceException;

    /** Every version of a key, the newest first. */
    default List<Version> versionsOf(String key) throws EvidenceException {
        List<Version> versions = new ArrayList<>();
        versions(key, version -> {
            if (version.key().equals(key)) {
                versions.add(version);
            }
        });
        return versions;
    }

    /** What comes next, up to a slash, in keys that begin with {@code prefix}. */
    List<String> folders(String prefix) throws EvidenceException;

    /** Deletes a version that is not locked; false if that is refused. */
    boolean delete(Version version) throws EvidenceException;

    /**
     * Tries what is forbidden.
     *
     * @param until end of the retention that is asked for, where one is
     * @return whether the server accepted it
     */
    boolean attack(Attack attack, Version locked, Instant until) throws EvidenceException;

    @Override
    void close();
}
