package dev.keyproof.broker.operation;

import dev.keyproof.broker.call.Call;
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
import dev.keyproof.event.KeyOperation;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls that only read; recorded like all others. */
public final class Reads {
    private final Calls calls;
    private final LeasedKeys keys;
    private final KeyProvider provider;

    public Reads(Calls calls, LeasedKeys keys, KeyProvider provider) {
        this.calls = calls;
        this.keys = keys;
        this.provider = provider;
    }

    /** A version of a key; {@code publicKey} is the SubjectPublicKeyInfo of a signing key in PEM. */
    public record Version(
            int version, String created, @Nullable String publicKey) {}

    /** A key with its versions. */
    public record KeyWithVersions(KeyDocument key, List<Version> versions) {}

    public Answer<KeyWithVersions> key(Call call, String id) throws ProblemException {
        return calls.perform(call, Action.of(KeyOperation.GET_KEY), id, 200, held -> Ask.PLAIN, outcome -> {
            Key key = outcome.key().key();
            List<Version> versions = new ArrayList<>();
            for (KeyVersion version : key.versions()) {
                boolean readable = key.purpose() == Purpose.SIGN && key.state() != KeyState.DESTROYED;
                versions.add(new Version(
                        version.version(),
                        version.created().toString(),
                        readable ? pem(provider.publicKey(version).value()) : null));
            }
            return new KeyWithVersions(key.document(), versions);
        });
    }

    public Answer<List<KeyDocument>> keys(Call call) throws ProblemException {
        return list(call, Action.of(KeyOperation.LIST_KEYS));
    }

    /** All keys as auditors see them. */
    public Answer<List<KeyDocument>> inventory(Call call) throws ProblemException {
        return list(call, Action.READ_INVENTORY);
    }

    /** Whether the kill switch is on. */
    public Answer<Boolean> killSwitch(Call call) throws ProblemException {
        return calls.perform(call, Action.READ_INVENTORY, null, 200, none -> Ask.PLAIN, outcome -> keys.killSwitch());
    }

    private Answer<List<KeyDocument>> list(Call call, Action action) throws ProblemException {
        return calls.perform(call, action, null, 200, none -> Ask.PLAIN, outcome -> {
            List<KeyDocument> documents = keys.all().stream().map(Key::document).toList();
            outcome.draft().count(documents.size());
            return documents;
        });
    }

    private static String pem(byte[] der) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END PUBLIC KEY-----\n";
    }
}
