package dev.keyproof.evidence.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyproof.log.note.NoteVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigReaderTest {
    private static final String LEAST = """
            name: test
            home: /tmp/home
            http: {port: 18446}
            kafka: {bootstrap.servers: "127.0.0.1:9092"}
            token: {module: /m.so, label: evidence, pinFile: /pin}
            jwt: {jwks: "file:///jwks.json", issuer: "https://issuer.test"}
            """;

    private static final String WITNESS = witness();

    @TempDir
    Path dir;

    private static String witness() {
        try {
            return NoteVerifier.cosigner(
                            "w.example/one",
                            java.security.KeyPairGenerator.getInstance("Ed25519")
                                    .generateKeyPair()
                                    .getPublic())
                    .vkey();
        } catch (java.security.GeneralSecurityException | dev.keyproof.log.note.NoteException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same key under another name. */
    private static String renamed(String vkey) {
        try {
            return NoteVerifier.cosigner(
                            "w.example/two", NoteVerifier.parse(vkey).key())
                    .vkey();
        } catch (dev.keyproof.log.note.NoteException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void hasDefaults() throws Exception {
        EvidenceConfig config = read(LEAST);

        assertThat(config.jwt().audience()).isEqualTo("keyproof");
        assertThat(config.jwt().algorithms()).containsExactly("ES256");
        assertThat(config.log().immutable()).isFalse();
        assertThat(config.tsa()).isNull();
        assertThat(config.policies()).isEmpty();
        assertThat(config.policySignature())
                .isEqualTo(new EvidenceConfig.PolicySignature(Optional.empty(), "RS256", false));
        assertThat(config.journals()).isEmpty();
        assertThat(config.witnesses().list()).isEmpty();
        assertThat(config.approvers()).isNull();
        assertThat(config.approvalAudience()).isEmpty();
        assertThat(config.remote()).isEmpty();
    }

    @Test
    void aBucketIsNamedByItsUrlAndItsLocksHaveAnEnd() {
        assertThatThrownBy(() -> read(LEAST + """
                        remote: {url: "https://evidence", endpoint: "http://s3.example", secret: x, intervalSeconds: 0}
                        """))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(String.join("\n", e.faults()))
                                .contains("remote.secret: unknown")
                                .contains("remote.url: not s3://BUCKET or s3://BUCKET/PREFIX: https://evidence")
                                .contains("remote.endpoint: neither https: nor http: on loopback")
                                .contains("remote.retentionDays: missing, or not from 1 to 36500")
                                .contains("remote.intervalSeconds: not a number from 1"));
        assertThat(S3Place.parse("s3://evidence")).hasToString("s3://evidence");
        assertThat(S3Place.parse("s3://evidence/a/b/")).hasToString("s3://evidence/a/b");
        assertThatThrownBy(() -> S3Place.parse("s3://evidence/../other")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsEveryKey() throws Exception {
        EvidenceConfig config = read(LEAST + """
                kafkaFiles: {sasl.jaas.config: /jaas}
                log: {immutable: true}
                journals: [/a.vkey, /b.vkey]
                tsa: {url: "http://127.0.0.1:1/tsa", chain: /tsa.pem, crls: /tsa.crl, intervalSeconds: 30}
                policies: [/bundle.tar.gz]
                policySignature: {key: /policy.pem, algorithm: ES256, unsigned: false}
                witnesses: {quorum: 1, intervalSeconds: 5, list: [{url: "https://w.example/", vkey: "%s"}]}
                approvers: /approvers.json
                approvalAudience: brokers
                access: {policy: /access.tar.gz}
                search: {url: "https://search.example/", username: keyproof, passwordFile: /secret}
                remote: {url: "s3://evidence/one", endpoint: "https://s3.example", region: eu, credentials: /s3, retentionDays: 365,
                  intervalSeconds: 5}
                """.formatted(WITNESS));

        assertThat(config)
                .isEqualTo(new EvidenceConfig(
                        "test",
                        Path.of("/tmp/home"),
                        new EvidenceConfig.Http(18446),
                        java.util.Map.of("bootstrap.servers", "127.0.0.1:9092"),
                        java.util.Map.of("sasl.jaas.config", Path.of("/jaas")),
                        new EvidenceConfig.LogSettings(true),
                        new EvidenceConfig.TokenSettings(Path.of("/m.so"), "evidence", Path.of("/pin")),
                        List.of(Path.of("/a.vkey"), Path.of("/b.vkey")),
                        new EvidenceConfig.Jwt(
                                java.net.URI.create("file:///jwks.json"),
                                "https://issuer.test",
                                "keyproof",
                                List.of("ES256")),
                        new EvidenceConfig.Tsa(
                                java.net.URI.create("http://127.0.0.1:1/tsa"),
                                Path.of("/tsa.pem"),
                                Optional.of(Path.of("/tsa.crl")),
                                30),
                        List.of(Path.of("/bundle.tar.gz")),
                        new EvidenceConfig.PolicySignature(Optional.of(Path.of("/policy.pem")), "ES256", false),
                        new EvidenceConfig.Witnessing(
                                1,
                                5,
                                List.of(new EvidenceConfig.Witness(
                                        java.net.URI.create("https://w.example/"), NoteVerifier.parse(WITNESS)))),
                        Path.of("/approvers.json"),
                        Optional.of("brokers"),
                        Optional.of(Path.of("/access.tar.gz")),
                        Optional.of(new SearchConfig(
                                java.net.URI.create("https://search.example"),
                                Optional.of("keyproof"),
                                Optional.of(Path.of("/secret")))),
                        Optional.of(new RemoteConfig(
                                new S3Place("evidence", "one/"),
                                Optional.of(java.net.URI.create("https://s3.example")),
                                "eu",
                                Optional.of(Path.of("/s3")),
                                365,
                                5))));
    }

    @Test
    void searchIsOnLoopbackOrEncrypted() {
        assertThatThrownBy(() -> read(LEAST + "search: {url: \"http://search.example\"}"))
                .hasMessageContaining("search.url: neither https: nor http: on loopback");
    }

    @Test
    void theFirstPolicySaysWhoReads() throws Exception {
        EvidenceConfig config = read(LEAST + "policies: [/a.tar.gz, /b.tar.gz]\n");

        assertThat(config.accessPolicy()).contains(Path.of("/a.tar.gz"));
    }

    @Test
    void aQuorumIsOfWitnessesWithKeysOfTheirKind() {
        assertThatThrownBy(() -> read(LEAST + """
                        witnesses: {quorum: 3, list: [{url: "http://w/", vkey: "%1$s"}, {url: "http://w/", vkey: "%1$s"},
                          {url: "http://w/", vkey: "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"},
                          {url: "http://w/", vkey: "x"}]}
                        """.formatted(WITNESS)))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(String.join("\n", e.faults()))
                                .contains("witnesses.list: a witness counts once")
                                .contains("witnesses.list[2].vkey: a witness's key is of type 4")
                                .contains("witnesses.list[3].vkey: a verifier key is name+hexid+base64"));
        assertThatThrownBy(() -> read(LEAST + """
                        witnesses: {quorum: 2, list: [{url: "http://w/", vkey: "%s"}, {url: "http://w/", vkey: "%s"}]}
                        """.formatted(WITNESS, renamed(WITNESS))))
                .hasMessageContaining("witnesses.list: a witness counts once");
        assertThatThrownBy(() -> read(LEAST + "witnesses: {quorum: 0, list: []}"))
                .hasMessageContaining("witnesses.quorum: not from 1 to the number of witnesses");
    }

    @Test
    void tellsEveryFaultAtOnce() {
        assertThatThrownBy(() -> read("""
                        name: Test
                        home: /tmp/home
                        http: {port: 70000, host: x}
                        kafka: {}
                        log: {immutable: perhaps}
                        token: {module: /m.so, label: evidence}
                        colour: blue
                        """))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.faults())
                                .map(fault -> fault.substring(fault.indexOf(": ") + 2))
                                .containsExactlyInAnyOrder(
                                        "colour: unknown; known are access, approvalAudience, approvers, home, http, journals, jwt, kafka, kafkaFiles, log, name,"
                                                + " policies, policySignature, remote, search, token, tsa, witnesses",
                                        "http.host: unknown; known are port",
                                        "jwt: missing",
                                        "log.immutable: neither true nor false",
                                        "kafka.bootstrap.servers is missing",
                                        "name: not 1 to 63 of a-z, 0-9, '.' and '-'",
                                        "http.port: missing, or not from 0 to 65535",
                                        "token.pinFile: missing"));
    }

    @Test
    void whatIsNoYamlIsOneLine() {
        assertThatThrownBy(() -> read("{ not: yaml"))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.faults()).singleElement().asString().contains("cannot be read as YAML"));
    }

    private EvidenceConfig read(String yaml) throws ConfigException, IOException {
        return ConfigReader.read(Files.writeString(dir.resolve("evidence.yaml"), yaml));
    }
}
