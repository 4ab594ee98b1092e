package dev.keyproof.broker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.policy.BundleSigner;
import dev.keyproof.policy.EffectivePolicy;
import dev.keyproof.policy.Overlay;
import dev.keyproof.policy.PolicyBundle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** An installation's own policy: the packs with an overlay, signed. */
final class TestPolicy {
    private TestPolicy() {}

    static Path bundle(Path home) {
        return home.resolve("policy.tar.gz");
    }

    static Path key(Path home) {
        return home.resolve("policy.pub.pem");
    }

    /** Puts the policy in place as whoever deploys does it: whole or not at all. */
    static void install(Path home, Consumer<ObjectNode> change) throws Exception {
        put(home, signer(home).sign(of(change)).bytes());
    }

    static void put(Path home, byte[] bundle) throws Exception {
        Path made = Files.write(home.resolve("policy.part"), bundle);
        Files.move(made, bundle(home), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The packs with that changed; nobody signed it. */
    static PolicyBundle of(Consumer<ObjectNode> change) throws Exception {
        PolicyBundle packs = PolicyBundle.builtIn();
        JsonNode before = packs.data().at("/keyproof/parameters");
        ObjectNode after = before.deepCopy();
        change.accept(after);
        Overlay overlay =
                Overlay.of("test.json", patch(before, after).toString().getBytes(StandardCharsets.UTF_8));
        return EffectivePolicy.of(packs, List.of(overlay)).bundle();
    }

    private static ObjectNode patch(JsonNode before, JsonNode after) {
        ObjectNode patch = ((ObjectNode) after).objectNode();
        for (Map.Entry<String, JsonNode> field : before.properties()) {
            if (!after.has(field.getKey())) {
                patch.putNull(field.getKey());
            }
        }
        for (Map.Entry<String, JsonNode> field : after.properties()) {
            JsonNode known = before.path(field.getKey());
            if (known.isObject() && field.getValue().isObject()) {
                patch.set(field.getKey(), patch(known, field.getValue()));
            } else if (!known.equals(field.getValue())) {
                patch.set(field.getKey(), field.getValue());
            }
        }
        return patch;
    }

    private static BundleSigner signer(Path home) throws Exception {
        Path file = home.resolve("policy.pem");
        if (Files.notExists(file)) {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            KeyPair pair = generator.generateKeyPair();
            Files.writeString(
                    file,
                    "-----BEGIN PRIVATE KEY-----\n"
                            + Base64.getEncoder()
                                    .encodeToString(pair.getPrivate().getEncoded())
                            + "\n-----END PRIVATE KEY-----\n");
        }
        BundleSigner signer = BundleSigner.of(Files.readString(file));
        Files.writeString(key(home), signer.verificationKey());
        return signer;
    }
}
