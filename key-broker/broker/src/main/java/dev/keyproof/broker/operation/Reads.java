package dev.keyproof.broker.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.datakey.DataKeyStore;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.key.Key;
import dev.keyproof.broker.key.KeyDocument;
import dev.keyproof.broker.key.KeyState;
import dev.keyproof.broker.key.KeyVersion;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.key.Purpose;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.provider.KeyProvider;
import dev.keyproof.broker.use.Uses;
import dev.keyproof.event.KeyOperation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Calls that only read; recorded like all others. */
public final class Reads {
    private final Calls calls;
    private final LeasedKeys keys;
    private final KeyProvider provider;
    private final DataKeyStore dataKeys;
    private final Uses uses;

    public Reads(Calls calls, LeasedKeys keys, KeyProvider provider, DataKeyStore dataKeys, Uses uses) {
        this.calls = calls;
        this.keys = keys;
        this.provider = provider;
        this.dataKeys = dataKeys;
        this.uses = uses;
    }

    /** A version of a key; {@code publicKey} is the SubjectPublicKeyInfo of a key pair in PEM. */
    public record Version(
            int version,
            String created,
            @Nullable String publicKey,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String retired) {}

    /** A key with its versions. */
    public record KeyWithVersions(KeyDocument key, List<Version> versions) {}

    public Answer<KeyWithVersions> key(Call call, String id) throws ProblemException {
        return calls.perform(call, Action.of(KeyOperation.GET_KEY), id, 200, held -> Ask.PLAIN, outcome -> {
            Key key = outcome.key().key();
            List<Version> versions = new ArrayList<>();
            for (KeyVersion version : key.versions()) {
                boolean readable = key.algorithm().isPair() && key.state() != KeyState.DESTROYED;
                versions.add(new Version(
                        version.version(),
                        version.created().toString(),
                        readable ? pem(provider.publicKey(version).value()) : null,
                        version.retired() == null ? null : version.retired().toString()));
            }
            return new KeyWithVersions(key.document(), versions);
        });
    }

    /** A page of keys; {@code next} is the cursor of the next one, absent after the last. */
    public record KeyPage(
            List<KeyDocument> keys,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String next) {}

    public Answer<KeyPage> keys(Call call, Page page) throws ProblemException {
        return calls.perform(call, Action.of(KeyOperation.LIST_KEYS), null, 200, none -> Ask.PLAIN, outcome -> {
            Page.Cut cut = page.of(keys.all());
            outcome.draft().count(cut.keys().size());
            return new KeyPage(cut.keys().stream().map(Key::document).toList(), cut.next());
        });
    }

    /**
     * A key as auditors see it.
     *
     * @param protection what holds it, such as {@code hsm}
     * @param dataKeys how many registered data keys it wraps; absent for keys that wrap none
     * @param lastUsed when somebody last used it, as RFC 3339; absent where nobody has
     */
    public record Entry(
            @JsonUnwrapped KeyDocument key,
            String protection,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long dataKeys,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String lastUsed) {}

    /** A page of keys as auditors see them, and how many keys there are in each state in all. */
    public record Inventory(
            List<Entry> keys,
            Map<String, Long> states,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String next) {}

    /** Keys as auditors see them. */
    public Answer<Inventory> inventory(Call call, Page page) throws ProblemException {
        return calls.perform(call, Action.READ_INVENTORY, null, 200, none -> Ask.PLAIN, outcome -> {
            Map<String, Instant> last = uses.last();
            Map<String, Long> wrapped = dataKeys.counts();
            String protection = provider.capabilities().protection();
            List<Key> all = keys.all();
            Page.Cut cut = page.of(all);
            List<Entry> entries = cut.keys().stream()
                    .map(key -> new Entry(
                            key.document(),
                            protection,
                            key.purpose() == Purpose.WRAP ? wrapped.getOrDefault(key.id(), 0L) : null,
                            last.containsKey(key.id()) ? last.get(key.id()).toString() : null))
                    .toList();
            outcome.draft().count(entries.size());
            return new Inventory(
                    entries,
                    all.stream()
                            .map(key -> key.state().json())
                            .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting())),
                    cut.next());
        });
    }

    private static String pem(byte[] der) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END PUBLIC KEY-----\n";
    }
}
