package dev.keyproof.broker.key;

import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A key with all its versions, oldest first.
 *
 * @param revision the revision of the shared state in which this one came to be; 0 before it is stored
 */
public record Key(
        String id,
        String name,
        Purpose purpose,
        Algorithm algorithm,
        KeyState state,
        String owner,
        Map<String, String> tags,
        Instant created,
        @Nullable Integer rotationPeriodDays,
        String provider,
        Residence residence,
        DeviceAttributes attributes,
        List<KeyVersion> versions,
        long revision) {
    public Key {
        tags = Map.copyOf(tags);
        versions = List.copyOf(versions);
    }

    /** The version that protects. */
    public KeyVersion current() {
        return versions.getLast();
    }

    /**
     * The version of that number.
     *
     * @throws ProblemException {@link Problem#INVALID_INPUT} if there is none
     */
    public KeyVersion version(int number) throws ProblemException {
        for (KeyVersion version : versions) {
            if (version.version() == number) {
                return version;
            }
        }
        throw new ProblemException(Problem.INVALID_INPUT, "version: the key has no version " + number);
    }

    /**
     * The same key after a change of state; one that is destroyed has no wrapped keys any more.
     *
     * @throws ProblemException {@link Problem#ILLEGAL_STATE} if the table of transitions has no such change
     */
    public Key after(Lifecycle.Change change) throws ProblemException {
        KeyState next = Lifecycle.after(state, change)
                .orElseThrow(() -> new ProblemException(
                        Problem.ILLEGAL_STATE,
                        "a key that is " + state.json() + " cannot "
                                + change.name().toLowerCase(Locale.ROOT)));
        return changed(
                next,
                attributes,
                next == KeyState.DESTROYED
                        ? versions.stream().map(KeyVersion::erased).toList()
                        : versions,
                revision);
    }

    /** The same key with one version more, and the attributes of that version. */
    public Key with(KeyVersion version, DeviceAttributes read) {
        List<KeyVersion> more = new ArrayList<>(versions);
        more.add(version);
        return changed(state, read, more, revision);
    }

    /** The same key with these versions. */
    Key of(List<KeyVersion> its) {
        return changed(state, attributes, its, revision);
    }

    /** The same key at another revision of the shared state. */
    public Key at(long newRevision) {
        return changed(state, attributes, versions, newRevision);
    }

    /** The same key in all that never changes. */
    private Key changed(KeyState newState, DeviceAttributes read, List<KeyVersion> its, long newRevision) {
        return new Key(
                id,
                name,
                purpose,
                algorithm,
                newState,
                owner,
                tags,
                created,
                rotationPeriodDays,
                provider,
                residence,
                read,
                its,
                newRevision);
    }

    /**
     * Refuses a use that the state does not permit.
     *
     * @throws ProblemException {@link Problem#ILLEGAL_STATE}
     */
    public void require(Lifecycle.Use use) throws ProblemException {
        if (!Lifecycle.permits(state, use)) {
            throw new ProblemException(
                    Problem.ILLEGAL_STATE,
                    "a key that is " + state.json()
                            + (use == Lifecycle.Use.PROTECT ? " protects nothing" : " processes nothing"));
        }
    }

    public KeyDocument document() {
        return new KeyDocument(
                id,
                name,
                purpose,
                algorithm,
                state,
                current().version(),
                owner,
                tags,
                created.toString(),
                current().created().toString(),
                rotationPeriodDays,
                provider,
                residence,
                attributes);
    }
}
