package dev.keyproof.evidence.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.pkcs11.KeyHandle;
import dev.keyproof.pkcs11.KeySpec;
import dev.keyproof.pkcs11.PinSource;
import dev.keyproof.pkcs11.Token;
import dev.keyproof.pkcs11.TokenConfig;
import dev.keyproof.verify.Role;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates by role, and those from before there were roles. */
@Tag("server")
final class SignerChainTest {
    private static final Instant NOW = Instant.parse("2026-11-25T00:00:00Z");

    @TempDir
    Path dir;

    private Token token;
    private KeyHandle root;
    private KeyHandle key;

    @BeforeEach
    void open() throws Exception {
        token = Token.open(new TokenConfig(
                TestingSeal.module(), TestingSeal.makeToken(), PinSource.of("123456".toCharArray()), 1));
        root = generate("root");
        key = generate("signer");
    }

    @AfterEach
    void close() throws Exception {
        token.close();
    }

    @Test
    void aCertificateOfAnotherRoleIsReplacedUnderTheSameRoot() throws Exception {
        // Given
        Path file = dir.resolve("signer.pem");
        List<X509Certificate> before = new SignerChain(token, root, key, Role.LOG).load(file, "test", NOW);

        // When
        List<X509Certificate> after = new SignerChain(token, root, key, Role.PACK).load(file, "test", NOW);

        // Then: whoever holds the root as an anchor believes the new one
        assertThat(Role.LOG.isOf(before.getFirst())).isTrue();
        assertThat(Role.PACK.isOf(before.getFirst())).isFalse();
        assertThat(Role.PACK.isOf(after.getFirst())).isTrue();
        assertThat(after.getFirst().getPublicKey()).isEqualTo(before.getFirst().getPublicKey());
        assertThat(after.getLast()).isEqualTo(before.getLast());
        assertThat(new SignerChain(token, root, key, Role.PACK).load(file, "test", NOW.plusSeconds(60)))
                .isEqualTo(after);
    }

    @Test
    void soIsTheOneOfALogsKey() throws Exception {
        // Given
        Path file = dir.resolve("log-signer.pem");
        X509Certificate authority = new SignerChain(token, root, generate("pack"), Role.PACK)
                .load(dir.resolve("signer.pem"), "test", NOW)
                .getLast();
        new SignerChain(token, root, key, Role.PACK).under(authority, file, "test", NOW);

        // When
        List<X509Certificate> after = new SignerChain(token, root, key, Role.LOG).under(authority, file, "test", NOW);

        // Then
        assertThat(Role.LOG.isOf(after.getFirst())).isTrue();
        assertThat(after.getLast()).isEqualTo(authority);
        assertThat(new SignerChain(token, root, key, Role.LOG).under(authority, file, "test", NOW.plusSeconds(60)))
                .isEqualTo(after);
    }

    private KeyHandle generate(String label) throws Exception {
        return token.generate(KeySpec.EC_P256, label.getBytes(StandardCharsets.US_ASCII), label);
    }
}
