package dev.keyproof.evidence.remote;

import dev.keyproof.evidence.store.EvidenceException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A bucket in memory that keeps what it is given, and can fail at a call. */
final class TestingBucket implements Bucket {
    private final TreeMap<String, List<Stored>> objects = new TreeMap<>();
    private final Map<Version, Instant> locks = new HashMap<>();
    private long next;
    private int left = Integer.MAX_VALUE;

    /** Answers so many more calls that change something, and then none. */
    void failAfter(int calls) {
        left = calls;
    }

    /** Takes a key away with all its versions, as no lock allows. */
    void lose(String key) {
        objects.remove(key);
    }

    List<String> keys() {
        return List.copyOf(objects.keySet());
    }

    @Override
    public String name() {
        return "s3://testing";
    }

    @Override
    public Optional<Version> create(String key, byte[] content, Instant until) throws EvidenceException {
        return objects.containsKey(key) ? Optional.empty() : Optional.of(put(key, content, Optional.of(until)));
    }

    @Override
    public Version put(String key, byte[] content, Optional<Instant> until) throws EvidenceException {
        if (left-- <= 0) {
            throw new EvidenceException("the bucket does not answer");
        }
        Version version = new Version(key, Long.toString(next++));
        objects.computeIfAbsent(key, _ -> new ArrayList<>()).addFirst(new Stored(version, content.clone()));
        until.ifPresent(end -> locks.put(version, end));
        return version;
    }

    @Override
    public Stored get(Version version) throws EvidenceException {
        return objects.getOrDefault(version.key(), List.of()).stream()
                .filter(stored -> stored.version().equals(version))
                .findFirst()
                .orElseThrow(() -> new EvidenceException("there is no " + version));
    }

    @Override
    public Optional<Instant> lockedUntil(Version version) {
        return Optional.ofNullable(locks.get(version));
    }

    @Override
    public Optional<Stored> newest(String key) {
        return objects.getOrDefault(key, List.of()).stream().findFirst();
    }

    @Override
    public void versions(String prefix, Sight sight) throws EvidenceException {
        for (List<Stored> versions : List.copyOf(objects.tailMap(prefix, true).values())) {
            for (Stored stored : List.copyOf(versions)) {
                if (stored.version().key().startsWith(prefix)) {
                    sight.of(stored.version());
                }
            }
        }
    }

    @Override
    public List<String> folders(String prefix) {
        return objects.keySet().stream()
                .filter(key -> key.startsWith(prefix) && key.indexOf('/', prefix.length()) > 0)
                .map(key -> key.substring(prefix.length(), key.indexOf('/', prefix.length())))
                .distinct()
                .toList();
    }

    @Override
    public boolean delete(Version version) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean attack(Attack attack, Version locked, Instant until) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
