package dev.keyproof.broker.key;

import dev.keyproof.broker.key.Terms.Destruction;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A key with all its versions, oldest first.
 *
 * @param protecting number of the version that protects
 * @param revision the revision of the shared state in which this one came to be; 0 before it is stored
 */
public record Key(
        String id,
        Description description,
        Purpose purpose,
        Algorithm algorithm,
        KeyState state,
        Instant created,
        Terms terms,
        String provider,
        Residence residence,
        DeviceAttributes attributes,
        List<KeyVersion> versions,
        int protecting,
        List<String> aliases,
        long revision) {
    public Key {
        versions = List.copyOf(versions);
        aliases = List.copyOf(aliases);
    }

    /** The version that protects. */
    public KeyVersion current() {
        for (KeyVersion version : versions) {
            if (version.version() == protecting) {
                return version;
            }
        }
        throw new IllegalStateException("key " + id + " has no version " + protecting);
    }

    /** The newest version, which protects unless its rotation was backed out. */
    public KeyVersion newest() {
        return versions.getLast();
    }

    /**
     * The version of that number, to process by.
     *
     * @throws ProblemException {@link Problem#INVALID_INPUT} if there is none, {@link Problem#ILLEGAL_STATE} if it is retired
     */
    public KeyVersion version(int number) throws ProblemException {
        for (KeyVersion version : versions) {
            if (version.version() == number) {
                if (version.retired() != null) {
                    throw new ProblemException(
                            Problem.ILLEGAL_STATE,
                            "version " + number + " of the key is retired and processes nothing");
                }
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
        KeyState next = Lifecycle.after(state, terms.destruction() != null, change)
                .orElseThrow(() -> new ProblemException(
                        Problem.ILLEGAL_STATE,
                        "a key that is " + state.json()
                                + (terms.destruction() == null ? "" : " and to be destroyed") + " cannot "
                                + change.name().toLowerCase(Locale.ROOT).replace('_', ' ')));
        Key after = changed(next, terms, attributes, versions, protecting);
        return next == KeyState.DESTROYED ? after.terms(terms.with(null)).of(each(KeyVersion::erased)) : after;
    }

    /** The same key with one version more, which protects, and the attributes of that version. */
    public Key with(KeyVersion version, DeviceAttributes read) {
        List<KeyVersion> more = new ArrayList<>(versions);
        more.add(version);
        return changed(state, terms, read, more, version.version());
    }

    /**
     * The same key with the version before the current one protecting again.
     *
     * @throws ProblemException {@link Problem#ILLEGAL_STATE} if there is none
     */
    public Key backedOut() throws ProblemException {
        after(Lifecycle.Change.BACK_OUT);
        KeyVersion before = null;
        for (KeyVersion version : versions) {
            if (version.version() < protecting) {
                before = version;
            }
        }
        if (before == null) {
            throw new ProblemException(Problem.ILLEGAL_STATE, "the key has no version before the current one");
        }
        int previous = before.version();
        return changed(
                state,
                terms,
                attributes,
                each(version -> version.version() == previous ? version.retired(null) : version),
                previous);
    }

    /** The same key with every version but the current one retired that was not. */
    public Key retired(Instant now) {
        return of(each(version ->
                version.version() == protecting || version.retired() != null ? version : version.retired(now)));
    }

    /** The same key with a destruction ordered, or none any more. */
    public Key ordered(@Nullable Destruction destruction) {
        return terms(terms.with(destruction));
    }

    public Key described(Description other, @Nullable Integer rotationPeriodDays) {
        return copy(
                other,
                state,
                terms.rotatedAfter(rotationPeriodDays),
                attributes,
                versions,
                protecting,
                aliases,
                revision);
    }

    private Key terms(Terms other) {
        return changed(state, other, attributes, versions, protecting);
    }

    private List<KeyVersion> each(UnaryOperator<KeyVersion> change) {
        return versions.stream().map(change).toList();
    }

    /** The same key with these versions. */
    Key of(List<KeyVersion> its) {
        return changed(state, terms, attributes, its, protecting);
    }

    private Key changed(
            KeyState newState, Terms newTerms, DeviceAttributes read, List<KeyVersion> its, int newProtecting) {
        return copy(description, newState, newTerms, read, its, newProtecting, aliases, revision);
    }

    /** The same key under these names, at another revision of the shared state. */
    public Key at(long newRevision, List<String> names) {
        return copy(description, state, terms, attributes, versions, protecting, names, newRevision);
    }

    /** The same key in all that never changes. */
    private Key copy(
            Description newDescription,
            KeyState newState,
            Terms newTerms,
            DeviceAttributes read,
            List<KeyVersion> its,
            int newProtecting,
            List<String> names,
            long newRevision) {
        return new Key(
                id,
                newDescription,
                purpose,
                algorithm,
                newState,
                created,
                newTerms,
                provider,
                residence,
                read,
                its,
                newProtecting,
                names,
                newRevision);
    }

    /**
     * Refuses a use that the state does not permit.
     *
     * @throws ProblemException {@link Problem#ILLEGAL_STATE}
     */
    public void require(Lifecycle.Use use) throws ProblemException {
        if (!Lifecycle.permits(state, terms.destruction() != null, use)) {
            throw new ProblemException(
                    Problem.ILLEGAL_STATE,
                    "a key that is " + (terms.destruction() == null ? state.json() : "to be destroyed")
                            + (use == Lifecycle.Use.PROTECT ? " protects nothing" : " processes nothing"));
        }
    }

    public KeyDocument document() {
        Destruction destruction = terms.destruction();
        Instant activates = terms.activates();
        return new KeyDocument(
                id,
                description.name(),
                purpose,
                algorithm,
                state,
                protecting,
                description.owner(),
                description.tags(),
                description.sensitivity(),
                description.residency(),
                description.scope().equals(Scope.ANY) ? null : description.scope(),
                aliases,
                created.toString(),
                current().created().toString(),
                terms.rotationPeriodDays(),
                terms.usageLimit(),
                activates == null || state != KeyState.PRE_ACTIVE ? null : activates.toString(),
                destruction == null ? null : destruction.due().toString(),
                provider,
                residence,
                attributes,
                revision);
    }
}
