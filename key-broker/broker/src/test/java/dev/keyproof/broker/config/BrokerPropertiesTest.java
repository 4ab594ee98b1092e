package dev.keyproof.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class BrokerPropertiesTest {
    @TempDir
    private Path folder;

    private final Map<String, String> settings = new HashMap<>(Map.of(
            "keyproof.home", "/var/keyproof",
            "keyproof.token.module", "/usr/lib/module.so",
            "keyproof.token.label", "broker",
            "keyproof.token.pin-file", "/run/pin",
            "keyproof.jwt.jwks", "file:///etc/jwks.json",
            "keyproof.jwt.issuer", "https://issuer",
            "keyproof.approvers", "/etc/approvers.json"));

    private BrokerProperties bound() {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bind("keyproof", BrokerProperties.class)
                .get();
    }

    @Test
    void whatIsNotSetHasItsDefault() {
        BrokerProperties.Checked checked = bound().checked();

        assertThat(checked.source()).isEqualTo("broker-1");
        assertThat(checked.tokens()).singleElement().satisfies(token -> {
            assertThat(token.shards()).isEqualTo(2);
            assertThat(token.waived()).isEmpty();
        });
        assertThat(checked.readBack()).hasSeconds(15);
        assertThat(checked.adoptsTokens()).isFalse();
        assertThat(checked.peers()).isEmpty();
        assertThat(checked.audience()).isEqualTo("keyproof");
        assertThat(checked.algorithms()).containsExactly("ES256");
        assertThat(checked.preallocateKib()).isEqualTo(32768);
        assertThat(checked.drain()).hasSeconds(5);
        assertThat(checked.journalFolder()).hasToString("/var/keyproof/journal/broker-1");
    }

    @Test
    void everyFaultIsALineOfItsOwn() {
        settings.remove("keyproof.home");
        settings.put("keyproof.source", "Broker One");
        settings.put("keyproof.token.shards", "65");
        settings.put("keyproof.token.read-back", "10ms");
        settings.put("keyproof.jwt.algorithms", "HS256");
        settings.put("keyproof.jwt.jwks", "http://issuer/jwks");
        settings.put("keyproof.drain", "1h");

        assertThatThrownBy(() -> bound().checked())
                .isInstanceOfSatisfying(
                        ConfigurationFault.class,
                        fault -> assertThat(fault.lines())
                                .containsExactly(
                                        "keyproof.source: 'Broker One' is not 1 to 63 of a-z, 0-9, '.' and '-'",
                                        "keyproof.home: is missing; set it to the folder of the installation",
                                        "keyproof.token.shards: 65 is not from 0 to 64",
                                        "keyproof.token.read-back: PT0.01S is not from a second to a day",
                                        "keyproof.jwt.algorithms: 'HS256' is none of ES, RS or PS with 256, 384 or 512",
                                        "keyproof.jwt.jwks: 'http://issuer/jwks' is neither a file: nor an https: URL",
                                        "keyproof.drain: PT1H is not from 0 to 10 minutes"));
    }

    /** Each group of settings with a key that it does not have. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "keyproof.x",
                "keyproof.token.x",
                "keyproof.token.others[0].x",
                "keyproof.jwt.x",
                "keyproof.certificates.x",
                "keyproof.workloads.x",
                "keyproof.changes.x",
                "keyproof.policy.x",
                "keyproof.passkeys.x",
                "keyproof.journal.x",
                "keyproof.database.x"
            })
    void whatIsNoSettingIsRefused(String key) {
        settings.put(key, "y");

        assertThatThrownBy(() -> new Binder(new MapConfigurationPropertySource(settings))
                        .bind(
                                "keyproof",
                                Bindable.of(BrokerProperties.class),
                                new NoUnboundElementsBindHandler(BindHandler.DEFAULT)))
                .rootCause()
                .isInstanceOf(UnboundConfigurationPropertiesException.class)
                .hasMessageContaining(key);
    }

    @Test
    void secretsComeFromFilesAndTheEnvironmentAlone() throws Exception {
        StandardEnvironment environment = new StandardEnvironment();
        MutablePropertySources sources = environment.getPropertySources();
        Path file = Files.writeString(folder.resolve("password"), "hunter2\n");
        sources.addLast(new SystemEnvironmentPropertySource(
                "systemEnvironment-of-the-test", Map.of("SERVER_SSL_KEYSTOREPASSWORD", "from-the-environment")));
        sources.addLast(new MapPropertySource(
                "file",
                Map.of(
                        "spring.datasource.password", "${DATABASE_PASSWORD}",
                        "keyproof.token.pin-file", "/run/pin",
                        "keyproof.database.password-file", file.toString(),
                        "spring.ssl.bundle.pem.front.keystore.private-key", "file:/run/server.key")));

        SecretSettings.settle(environment);

        assertThat(environment.getProperty("spring.datasource.password")).isEqualTo("hunter2");
        sources.addLast(new MapPropertySource(
                "another",
                Map.of(
                        "spring.datasource.password", "inline",
                        "spring.ssl.bundle.jks.front.key.password", "inline",
                        "spring.ssl.bundle.pem.front.keystore.private-key", "-----BEGIN PRIVATE KEY-----")));
        assertThatThrownBy(() -> SecretSettings.settle(environment))
                .isInstanceOfSatisfying(
                        ConfigurationFault.class,
                        fault -> assertThat(fault.lines())
                                .hasSize(3)
                                .noneMatch(line -> line.contains("inline") || line.contains("BEGIN")));
    }
}
