package dev.keyproof.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class BrokerPropertiesTest {
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
                                        "keyproof.jwt.jwks: 'http://issuer/jwks' is neither a file: nor an https: URL"));
    }
}
