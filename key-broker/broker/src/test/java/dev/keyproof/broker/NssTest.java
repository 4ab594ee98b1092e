package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import dev.keyproof.pkcs11.NssSoftoken;
import dev.keyproof.pkcs11.TokenConfig;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A broker on the token of another maker, which can what SoftHSM cannot. */
@Tag("server")
class NssTest {
    private static final String HELLO = Base64.getEncoder().encodeToString("hello".getBytes(StandardCharsets.UTF_8));

    @Test
    void whatAPublicKeyEncryptsTheTokenDecrypts() throws Exception {
        try (TestHome home = TestHome.create()) {
            // Given
            TokenConfig token = NssSoftoken.make(home.root(), "nss", TestHome.PIN);
            home.set("keyproof.token.module", token.module().toString())
                    .set("keyproof.token.label", "nss")
                    .set("keyproof.token.shards", "1")
                    .set("keyproof.token.parameters", token.parameters().strip())
                    .set("keyproof.token.waive", "not-copyable,allowed-mechanisms,unwrap-template");
            String admin = home.token("root", "administrator");
            String app = home.token("payments", "application");
            try (BrokerProcess broker = home.start()) {
                for (String residence : new String[] {"replicated", "resident"}) {
                    Reply made = broker.post(
                            "/v1/keys",
                            admin,
                            "{'name':'pair','algorithm':'RSA_OAEP_2048','residence':'" + residence + "'}");
                    assertThat(made.status()).as("%s", made).isEqualTo(201);
                    assertThat(made.body().path("purpose").asText()).isEqualTo("encrypt");
                    String path = "/v1/keys/" + made.body().path("id").asText();

                    // When: somebody who only has the public key encrypts
                    String pem = broker.get(path, admin)
                            .body()
                            .at("/versions/0/publicKey")
                            .asText();
                    String outside = Base64.getEncoder().encodeToString(sealed(pem));
                    Reply opened = broker.post(path + ":decrypt", app, "{'version':1,'ciphertext':'" + outside + "'}");

                    // Then
                    assertThat(opened.body().path("plaintext").asText())
                            .as("%s", opened)
                            .isEqualTo(HELLO);

                    // And by the broker itself, across a rotation
                    String ciphertext = broker.post(path + ":encrypt", app, "{'plaintext':'" + HELLO + "'}")
                            .body()
                            .path("ciphertext")
                            .asText();
                    broker.post(path + ":rotate", admin, "{}");
                    JsonNode moved = broker.post(path + ":re-wrap", app, "{'ciphertext':'" + ciphertext + "'}")
                            .body();
                    assertThat(moved.path("keyVersion").asInt()).isEqualTo(2);
                    for (String one :
                            new String[] {ciphertext, moved.path("ciphertext").asText()}) {
                        assertThat(broker.post(path + ":decrypt", app, "{'ciphertext':'" + one + "'}")
                                        .body()
                                        .path("plaintext")
                                        .asText())
                                .isEqualTo(HELLO);
                    }
                    JsonNode dataKey = broker.post(path + ":data-key", app, "{'algorithm':'AES_256_XTS'}")
                            .body();
                    assertThat(broker.post(
                                            path + ":decrypt",
                                            app,
                                            "{'ciphertext':'"
                                                    + dataKey.path("ciphertext").asText() + "'}")
                                    .body()
                                    .path("plaintext"))
                            .isEqualTo(dataKey.path("plaintext"));

                    String empty = broker.post(path + ":encrypt", app, "{'plaintext':''}")
                            .body()
                            .path("ciphertext")
                            .asText();
                    assertThat(broker.post(path + ":decrypt", app, "{'ciphertext':'" + empty + "'}")
                                    .body()
                                    .path("plaintext")
                                    .asText("none"))
                            .isEmpty();

                    // And nothing else: what no such key encrypts,
                    byte[] beyond = new byte[256];
                    Arrays.fill(beyond, (byte) 0xff);
                    for (byte[] none : new byte[][] {beyond, new byte[256], new byte[255], new byte[0]}) {
                        refused(
                                broker.post(
                                        path + ":decrypt",
                                        app,
                                        "{'version':1,'ciphertext':'"
                                                + Base64.getEncoder().encodeToString(none) + "'}"),
                                422,
                                "not-decryptable");
                    }

                    // another version's key, a context that nothing would bind, more than fits, a
                    // signature
                    refused(
                            broker.post(path + ":decrypt", app, "{'version':2,'ciphertext':'" + outside + "'}"),
                            422,
                            "not-decryptable");
                    refused(
                            broker.post(path + ":encrypt", app, "{'plaintext':'" + HELLO + "','context':{'a':'b'}}"),
                            422,
                            "invalid-input");
                    String tooLong = Base64.getEncoder().encodeToString(new byte[191]);
                    Reply large = broker.post(path + ":encrypt", app, "{'plaintext':'" + tooLong + "'}");
                    refused(large, 422, "invalid-input");
                    assertThat(large.body().path("detail").asText()).contains("at most 190 bytes");
                    refused(broker.post(path + ":sign", app, "{'message':'" + HELLO + "'}"), 403, "denied");
                }
                Reply aes = broker.post("/v1/keys", admin, "{'name':'k','algorithm':'AES_256_GCM'}");
                String path = "/v1/keys/" + aes.body().path("id").asText();
                refused(
                        broker.post(path + ":decrypt", app, "{'version':1,'ciphertext':'" + HELLO + "'}"),
                        422,
                        "invalid-input");
            }
        }
    }

    private static void refused(Reply reply, int status, String problem) {
        assertThat(reply.problem()).as("%s", reply).isEqualTo(problem);
        assertThat(reply.status()).isEqualTo(status);
    }

    private static byte[] sealed(String pem) throws Exception {
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        PublicKey key = KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                key,
                new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
        byte[] hello = Base64.getDecoder().decode(HELLO);
        return cipher.doFinal(hello);
    }
}
