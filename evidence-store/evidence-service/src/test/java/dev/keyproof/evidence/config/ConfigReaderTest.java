package dev.keyproof.evidence.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    @TempDir
    Path dir;

    @Test
    void hasDefaults() throws Exception {
        EvidenceConfig config = read(LEAST);

        assertThat(config.jwt().audience()).isEqualTo("keyproof");
        assertThat(config.jwt().algorithms()).containsExactly("ES256");
        assertThat(config.tsa()).isNull();
        assertThat(config.policies()).isEmpty();
        assertThat(config.policyData()).isEmpty();
        assertThat(config.journals()).isEmpty();
        assertThat(config.approvers()).isNull();
    }

    @Test
    void readsEveryKey() throws Exception {
        EvidenceConfig config = read(LEAST + """
                kafkaFiles: {sasl.jaas.config: /jaas}
                journals: [/a.vkey, /b.vkey]
                tsa: {url: "http://127.0.0.1:1/tsa", chain: /tsa.pem, intervalSeconds: 30}
                policies: [/bundle.tar.gz]
                policyData: [/data.json]
                approvers: /approvers.json
                """);

        assertThat(config)
                .isEqualTo(new EvidenceConfig(
                        "test",
                        Path.of("/tmp/home"),
                        new EvidenceConfig.Http(18446),
                        java.util.Map.of("bootstrap.servers", "127.0.0.1:9092"),
                        java.util.Map.of("sasl.jaas.config", Path.of("/jaas")),
                        new EvidenceConfig.TokenSettings(Path.of("/m.so"), "evidence", Path.of("/pin")),
                        List.of(Path.of("/a.vkey"), Path.of("/b.vkey")),
                        new EvidenceConfig.Jwt(
                                java.net.URI.create("file:///jwks.json"),
                                "https://issuer.test",
                                "keyproof",
                                List.of("ES256")),
                        new EvidenceConfig.Tsa(java.net.URI.create("http://127.0.0.1:1/tsa"), Path.of("/tsa.pem"), 30),
                        List.of(Path.of("/bundle.tar.gz")),
                        List.of(Path.of("/data.json")),
                        Path.of("/approvers.json")));
    }

    @Test
    void tellsEveryFaultAtOnce() {
        assertThatThrownBy(() -> read("""
                        name: Test
                        home: /tmp/home
                        http: {port: 70000, host: x}
                        kafka: {}
                        token: {module: /m.so, label: evidence}
                        colour: blue
                        """))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.faults())
                                .map(fault -> fault.substring(fault.indexOf(": ") + 2))
                                .containsExactlyInAnyOrder(
                                        "colour: unknown; known are approvers, home, http, journals, jwt, kafka, kafkaFiles, name,"
                                                + " policies, policyData, token, tsa",
                                        "http.host: unknown; known are port",
                                        "jwt: missing",
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
