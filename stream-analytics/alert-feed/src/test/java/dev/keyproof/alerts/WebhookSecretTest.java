package dev.keyproof.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WebhookSecretTest {
    private final Path file;

    WebhookSecretTest(@TempDir Path dir) {
        this.file = dir.resolve("secret");
    }

    @Test
    void signsAsTheSpecificationsExampleDoes() throws Exception {
        // The example that the specification's libraries test themselves with.
        WebhookSecret secret = read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n");

        String signature =
                secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}".getBytes(UTF_8));

        assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void thePrefixMayBeLeftOut() throws Exception {
        String with = read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").sign("id", 1, new byte[0]);

        assertThat(read("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").sign("id", 1, new byte[0]))
                .isEqualTo(with);
    }

    @ParameterizedTest
    @CsvSource({"whsec_!,is not base64", "whsec_AAAA,has not 24 to 64 bytes", "'',has not 24 to 64 bytes"})
    void refusesWhatIsNoSecretWithoutSayingIt(String text, String fault) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(text))
                .withMessage("the secret in " + file + " " + fault);
    }

    private WebhookSecret read(String text) throws IOException, ConfigException {
        Files.writeString(file, text);
        return WebhookSecret.read(file);
    }
}
