package dev.keyproof.broker.ceremony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.keyproof.broker.BrokerProcess;
import dev.keyproof.broker.TestHome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A root from its making to its restoring, as the people in the room do it: by commands. */
@Tag("server")
class CeremonyTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a command printed, and how it ended. */
    record Done(int code, String output) {}

    static Done run(TestHome home, String... arguments) throws Exception {
        Path log = Files.createTempFile(home.root(), "ceremony", ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CeremonyApplication.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(home.environment());
        int code = builder.start().waitFor();
        return new Done(code, Files.readString(log));
    }

    private static Path only(Path folder, String suffix) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String[] token(TestHome home, String label, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "--token",
                label,
                "--module",
                TestHome.MODULE.toString(),
                "--pin-file",
                home.root().resolve("pin").toString()));
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    private static String[] words(String[] one, String... more) {
        return Stream.concat(Stream.of(one), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void aRootIsMadeSharedUsedLostAndRestored() throws Exception {
        try (TestHome home = TestHome.create()) {
            Path root = home.root();
            home.addToken("second");
            home.addToken("drill");
            List<ECKey> people = new ArrayList<>();
            for (String name : List.of("ann", "ben", "cid")) {
                ECKey key = new ECKeyGenerator(Curve.P_256).keyID(name).generate();
                people.add(key);
                Files.writeString(root.resolve(name + ".jwk"), key.toJSONString());
            }
            Files.writeString(
                    root.resolve("custodians.json"),
                    new JWKSet(people.stream()
                                    .map(key -> (com.nimbusds.jose.jwk.JWK) key.toPublicJWK())
                                    .toList())
                            .toString());
            Path ceremony = root.resolve("ceremony");

            // The root is made for two tokens.
            Done made = run(
                    home,
                    words(
                            words(words(new String[] {"root"}, token(home, "broker")), token(home, "second")),
                            "--custodians",
                            root.resolve("custodians.json").toString(),
                            "--threshold",
                            "2",
                            "--out",
                            ceremony.toString()));
            assertThat(made.code()).as(made.output()).isZero();
            Path transcript = only(ceremony, ".json");
            assertThat(JSON.readTree(transcript.toFile()).path("tokens")).hasSize(2);

            // Each custodian opens a share.
            Path opened = root.resolve("opened");
            for (int i = 0; i < 3; i++) {
                Done open = run(
                        home,
                        "open-share",
                        "--key",
                        root.resolve(people.get(i).getKeyID() + ".jwk").toString(),
                        "--out",
                        opened.toString(),
                        only(ceremony, people.get(i).getKeyID() + ".jwe").toString());
                assertThat(open.code()).as(open.output()).isZero();
            }
            assertThat(run(
                                    home,
                                    "open-share",
                                    "--key",
                                    root.resolve("ann.jwk").toString(),
                                    "--out",
                                    opened.toString(),
                                    only(ceremony, "ben.jwe").toString())
                            .code())
                    .isEqualTo(1);

            // A broker uses the group; its keys are backed up.
            home.set("keyproof.token.root", "imported")
                    .set("keyproof.token.others[0].module", TestHome.MODULE.toString())
                    .set("keyproof.token.others[0].label", "second")
                    .set(
                            "keyproof.token.others[0].pin-file",
                            root.resolve("pin").toString());
            String publicKey;
            Path backups = root.resolve("backups");
            try (BrokerProcess broker = home.start()) {
                String admin = home.token("root", "administrator");
                String key = broker.post("/v1/keys", admin, "{'name':'s','algorithm':'EC_P256'}")
                        .body()
                        .path("id")
                        .asText();
                assertThat(key).isNotEmpty();
                for (String algorithm : List.of("AES_256_GCM", "HMAC_SHA256", "RSA_2048")) {
                    assertThat(broker.post("/v1/keys", admin, "{'name':'k','algorithm':'" + algorithm + "'}")
                                    .status())
                            .isEqualTo(201);
                }
                publicKey = broker.get("/v1/keys/" + key, admin)
                        .body()
                        .path("versions")
                        .path(0)
                        .path("publicKey")
                        .asText();
                Files.writeString(root.resolve("token"), admin);
                String approval = home.approved(broker, "{'operation':'ExportBackup','change':'CHG-1'}");
                String[] words = {
                    "backup",
                    "--broker",
                    broker.base().toString(),
                    "--token-file",
                    root.resolve("token").toString(),
                    "--out",
                    backups.toString(),
                    "--approval",
                    approval
                };
                Done backup = run(home, words);
                assertThat(backup.code()).as(backup.output()).isZero();
                Done again = run(home, words);
                assertThat(again.code()).isEqualTo(1);
                assertThat(again.output()).contains("the approval was used before");
            }
            // Too few shares, and an altered one, restore nothing, and it is said which.
            String[] drill = words(
                    words(new String[] {"restore"}, token(home, "drill")),
                    "--transcript",
                    transcript.toString(),
                    "--backup",
                    only(backups, ".json").toString(),
                    "--out",
                    root.resolve("drills").toString());
            Done few = run(
                    home, words(drill, "--share", opened.resolve("share-1.json").toString()));
            assertThat(few.code()).isEqualTo(1);
            assertThat(few.output()).contains("1 shares are too few: 2 of 3 are needed");
            Path altered = root.resolve("altered.json");
            com.fasterxml.jackson.databind.node.ObjectNode share = (com.fasterxml.jackson.databind.node.ObjectNode)
                    JSON.readTree(opened.resolve("share-2.json").toFile());
            byte[] value = share.path("value").binaryValue();
            value[3] ^= 1;
            Files.write(altered, JSON.writeValueAsBytes(share.put("value", value)));
            Done wrong = run(
                    home,
                    words(drill, "--share", opened.resolve("share-1.json").toString(), "--share", altered.toString()));
            assertThat(wrong.code()).isEqualTo(1);
            assertThat(wrong.output()).contains("share 2 of ben was altered");

            // Two shares restore every key into an empty token, and a signature proves it under the public key of
            // before.
            Done restored = run(
                    home,
                    words(
                            drill,
                            "--share",
                            opened.resolve("share-1.json").toString(),
                            "--share",
                            opened.resolve("share-3.json").toString()));
            assertThat(restored.code()).as(restored.output()).isZero();
            assertThat(restored.output()).contains("4 of 4 key versions work");
            List<JsonNode> reports = new ArrayList<>();
            try (Stream<Path> files = Files.list(root.resolve("drills"))) {
                for (Path file : files.sorted().toList()) {
                    reports.add(JSON.readTree(file.toFile()));
                }
            }
            assertThat(reports)
                    .extracting(
                            one -> one.path("passed").asBoolean(),
                            one -> one.path("refused").asText())
                    .containsExactlyInAnyOrder(
                            tuple(false, "1 shares are too few: 2 of 3 are needed"),
                            tuple(false, "share 2 of ben was altered"),
                            tuple(true, ""));
            JsonNode report = reports.stream()
                    .filter(one -> one.path("passed").asBoolean())
                    .findFirst()
                    .orElseThrow();
            boolean proven = false;
            for (JsonNode one : report.path("keys")) {
                assertThat(one.path("works").asBoolean()).isTrue();
                if (one.has("signature")
                        && publicKey
                                .replace("\n", "")
                                .contains(one.path("publicKey").asText())) {
                    Signature check = Signature.getInstance("SHA256withECDSA");
                    check.initVerify(KeyFactory.getInstance("EC")
                            .generatePublic(new X509EncodedKeySpec(Base64.getDecoder()
                                    .decode(one.path("publicKey").asText()))));
                    check.update("restored".getBytes(StandardCharsets.UTF_8));
                    proven = check.verify(
                            HexFormat.of().parseHex(one.path("signature").asText()));
                }
            }
            assertThat(proven).isTrue();

            // Nothing that was written down holds the secret.
            assertThat(made.output() + restored.output() + Files.readString(transcript))
                    .doesNotContain(share.path("value").asText());
        }
    }

    @Test
    void aCeremonyThatBreaksOffLeavesWhatItsTokensCanBeJoinedBy() throws Exception {
        try (TestHome home = TestHome.create()) {
            // Given: a second token that has a root already
            Path root = home.root();
            home.addToken("taken");
            home.addToken("third");
            List<com.nimbusds.jose.jwk.JWK> custodians = new ArrayList<>();
            for (String name : List.of("ann", "ben")) {
                ECKey key = new ECKeyGenerator(Curve.P_256).keyID(name).generate();
                Files.writeString(root.resolve(name + ".jwk"), key.toJSONString());
                custodians.add(key.toPublicJWK());
            }
            Files.writeString(root.resolve("custodians.json"), new JWKSet(custodians).toString());
            String[] terms = {"--custodians", root.resolve("custodians.json").toString(), "--threshold", "2", "--out"};
            Done earlier = run(
                    home,
                    words(
                            words(words(new String[] {"root"}, token(home, "taken")), terms),
                            root.resolve("earlier").toString()));
            assertThat(earlier.code()).as(earlier.output()).isZero();

            // When
            Path ceremony = root.resolve("ceremony");
            Done broken = run(
                    home,
                    words(
                            words(
                                    words(words(new String[] {"root"}, token(home, "broker")), token(home, "taken")),
                                    terms),
                            ceremony.toString()));

            // Then: it is no ceremony on the record, and nothing of the first token's root is lost
            assertThat(broken.code()).isEqualTo(1);
            assertThat(broken.output()).contains("token broker has the root");
            try (Stream<Path> files = Files.list(ceremony)) {
                assertThat(files.filter(file -> file.toString().endsWith(".json")))
                        .isEmpty();
            }
            Path pending = only(ceremony, ".json.pending");
            Path opened = root.resolve("opened");
            for (String name : List.of("ann", "ben")) {
                Done open = run(
                        home,
                        "open-share",
                        "--key",
                        root.resolve(name + ".jwk").toString(),
                        "--out",
                        opened.toString(),
                        only(ceremony, name + ".jwe").toString());
                assertThat(open.code()).as(open.output()).isZero();
            }
            Done joined = run(
                    home,
                    words(
                            words(new String[] {"join"}, token(home, "third")),
                            "--transcript",
                            pending.toString(),
                            "--share",
                            opened.resolve("share-1.json").toString(),
                            "--share",
                            opened.resolve("share-2.json").toString()));
            assertThat(joined.code()).as(joined.output()).isZero();

            // And both are a group.
            home.set("keyproof.token.root", "imported")
                    .set("keyproof.token.others[0].module", TestHome.MODULE.toString())
                    .set("keyproof.token.others[0].label", "third")
                    .set(
                            "keyproof.token.others[0].pin-file",
                            root.resolve("pin").toString());
            try (BrokerProcess broker = home.start()) {
                assertThat(broker.post(
                                        "/v1/keys",
                                        home.token("root", "administrator"),
                                        "{'name':'k','algorithm':'AES_256_GCM'}")
                                .status())
                        .isEqualTo(201);
            }
        }
    }
}
