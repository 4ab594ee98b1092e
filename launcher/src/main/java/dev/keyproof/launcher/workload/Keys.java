package dev.keyproof.launcher.workload;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Operations with keys, each one call, each answer checked. */
final class Keys {
    private final BrokerClient broker;
    private final Callers callers;

    Keys(BrokerClient broker, Callers callers) {
        this.broker = broker;
        this.callers = callers;
    }

    String create(String name, String algorithm) throws WorkloadException {
        return expect(
                        201,
                        broker.operate(
                                callers.administrator(),
                                "POST",
                                "/v1/keys",
                                Map.of(
                                        "name",
                                        name,
                                        "algorithm",
                                        algorithm,
                                        "rotationPeriodDays",
                                        365,
                                        "tags",
                                        Map.of("application", name))))
                .text("id");
    }

    void encryptAndDecrypt(int i, String key) throws WorkloadException {
        String plaintext = base64("order " + i);
        String ciphertext = encrypt(i, key, plaintext);
        String back = decrypt(i, key, ciphertext);
        if (!back.equals(plaintext)) {
            throw new WorkloadException("key " + key + " did not give the plaintext back");
        }
    }

    String encrypt(int i, String key, String plaintext) throws WorkloadException {
        return expect(200, use(i, key, "encrypt", Map.of("plaintext", plaintext, "context", context(i))))
                .text("ciphertext");
    }

    String decrypt(int i, String key, String ciphertext) throws WorkloadException {
        return expect(200, use(i, key, "decrypt", Map.of("ciphertext", ciphertext, "context", context(i))))
                .text("plaintext");
    }

    void signAndVerify(int i, String key) throws WorkloadException {
        String message = base64("statement " + i);
        String signature =
                expect(200, use(i, key, "sign", Map.of("message", message))).text("signature");
        valid(expect(200, use(i, key, "verify", Map.of("message", message, "signature", signature))), key);
    }

    void macAndVerify(int i, String key) throws WorkloadException {
        String message = base64("message " + i);
        String mac = expect(200, use(i, key, "mac", Map.of("message", message))).text("mac");
        valid(expect(200, use(i, key, "verify", Map.of("message", message, "mac", mac))), key);
    }

    void dataKey(int i, String key) throws WorkloadException {
        expect(200, use(i, key, "data-key", Map.of("context", context(i))));
    }

    void encryptBatch(int i, String key, int items) throws WorkloadException {
        List<Map<String, Object>> batch = java.util.stream.IntStream.range(0, items)
                .mapToObj(item -> Map.<String, Object>of("plaintext", base64("item " + item), "context", context(i)))
                .toList();
        BrokerClient.Answer answer = expect(200, use(i, key, "encrypt", Map.of("items", batch)));
        if (answer.body().path("items").size() != items) {
            throw new WorkloadException("a batch of " + items + " was answered with "
                    + answer.body().path("items").size());
        }
    }

    void reWrap(int i, String key) throws WorkloadException {
        String ciphertext = encrypt(i, key, base64("old " + i));
        expect(200, use(i, key, "re-wrap", Map.of("ciphertext", ciphertext, "context", context(i))));
    }

    BrokerClient.Answer use(int i, String key, String operation, Map<String, ?> body) throws WorkloadException {
        String caller = callers.applications().get(i % callers.applications().size());
        return broker.operate(caller, "POST", "/v1/keys/" + key + ":" + operation, body);
    }

    void change(String key, String operation) throws WorkloadException {
        expect(200, broker.operate(callers.administrator(), "POST", "/v1/keys/" + key + ":" + operation, Map.of()));
    }

    static BrokerClient.Answer expect(int status, BrokerClient.Answer answer) throws WorkloadException {
        if (answer.status() != status) {
            throw new WorkloadException(
                    "expected " + status + " but was answered " + answer.status() + ": " + answer.body());
        }
        return answer;
    }

    private static void valid(BrokerClient.Answer answer, String key) throws WorkloadException {
        if (!answer.body().path("valid").asBoolean()) {
            throw new WorkloadException("key " + key + " did not verify what it made");
        }
    }

    static Map<String, String> context(int i) {
        return Map.of("tenant", "tenant-" + i % 7);
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
