package dev.keyproof.broker.approval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.jwk.JWK;
import dev.keyproof.broker.config.ConfigurationFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The approvers' public keys as configured: a JWKS whose {@code kid} is the approver's id. A member {@code roles} (array of
 * texts) says what policy knows the person as; without it, a custodian. A member {@code webauthn} ({@code credential}, {@code
 * rpId}) says that the key is a passkey.
 */
public final class Approvers {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> DEFAULT_ROLES = List.of("custodian");

    private final Map<String, Approver> byId;

    private Approvers(Map<String, Approver> byId) {
        this.byId = byId;
    }

    /**
     * Reads the file.
     *
     * @throws ConfigurationFault if it is no JWKS of distinct public keys on P-256 or Ed25519, with {@code kid}
     */
    public static Approvers read(Path file) {
        Map<String, Approver> byId = new LinkedHashMap<>();
        try {
            for (JsonNode node : JSON.readTree(Files.readAllBytes(file)).path("keys")) {
                Approver approver = approver(file, node);
                if (byId.values().stream().anyMatch(other -> other.thumbprint().equals(approver.thumbprint()))
                        && !byId.containsKey(approver.id())) {
                    throw fault(file, "has one key twice, the second time as '" + approver.id() + "'");
                }
                if (byId.put(approver.id(), approver) != null) {
                    throw fault(file, "has two keys of '" + approver.id() + "'");
                }
            }
        } catch (IOException e) {
            throw new ConfigurationFault("keyproof.approvers: " + file + " cannot be read as JSON", e);
        }
        if (byId.isEmpty()) {
            throw fault(file, "has no keys");
        }
        return new Approvers(byId);
    }

    /** Nobody yet. */
    static Approvers none() {
        return new Approvers(Map.of());
    }

    /** The same approvers and that one, in place of who had the id before. */
    Approvers with(Approver approver) {
        Map<String, Approver> more = new LinkedHashMap<>(byId);
        more.put(approver.id(), approver);
        return new Approvers(more);
    }

    /** The same approvers without that one. */
    Approvers without(String id) {
        Map<String, Approver> fewer = new LinkedHashMap<>(byId);
        fewer.remove(id);
        return new Approvers(fewer);
    }

    /** Whose key or passkey that is already, under another id. */
    public Optional<Approver> sameKey(Approver approver) {
        return byId.values().stream()
                .filter(other -> !other.id().equals(approver.id())
                        && (other.thumbprint().equals(approver.thumbprint())
                                || (approver.passkey() != null
                                        && other.passkey() != null
                                        && other.passkey()
                                                .credential()
                                                .equals(approver.passkey().credential()))))
                .findFirst();
    }

    public Optional<Approver> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Whose passkey it is. */
    Optional<Approver> byCredential(String credential) {
        return byId.values().stream()
                .filter(approver -> approver.passkey() != null
                        && approver.passkey().credential().equals(credential))
                .findFirst();
    }

    public Collection<Approver> all() {
        return byId.values();
    }

    private static Approver approver(Path file, JsonNode node) {
        try {
            JWK jwk = JWK.parse(node.toString());
            String id = jwk.getKeyID();
            if (id == null || id.isBlank()) {
                throw fault(file, "has a key without kid");
            }
            List<String> roles = new ArrayList<>();
            node.path("roles").forEach(role -> roles.add(role.asText()));
            if (!PublicKeys.suits(jwk)) {
                throw fault(file, "has a key that is not a public one on P-256 or Ed25519");
            }
            return Approver.of(
                    id, jwk, roles.isEmpty() ? DEFAULT_ROLES : roles, passkey(file, node.path("webauthn")), null);
        } catch (ParseException e) {
            throw new ConfigurationFault("keyproof.approvers: " + file + " has a key that cannot be read", e);
        }
    }

    private static @Nullable Passkey passkey(Path file, JsonNode webauthn) {
        if (webauthn.isMissingNode()) {
            return null;
        }
        String credential = webauthn.path("credential").asText();
        String rpId = webauthn.path("rpId").asText();
        if (!credential.matches("[A-Za-z0-9_-]{1,1400}") || rpId.isEmpty()) {
            throw fault(file, "has a passkey without credential (base64url) or rpId");
        }
        return new Passkey(credential, rpId, webauthn.path("origin").textValue());
    }

    private static ConfigurationFault fault(Path file, String what) {
        return new ConfigurationFault("keyproof.approvers: " + file + " " + what);
    }
}
