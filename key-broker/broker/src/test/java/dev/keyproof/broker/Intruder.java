package dev.keyproof.broker;

import dev.keyproof.pkcs11.KeySpec;
import dev.keyproof.pkcs11.PinSource;
import dev.keyproof.pkcs11.Token;
import dev.keyproof.pkcs11.TokenConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Somebody with the PIN, past the broker: {@code MODULE TOKEN PIN-FILE make|destroy LABEL}. */
final class Intruder {
    private Intruder() {}

    public static void main(String[] args) throws Exception {
        try (Token token =
                Token.open(new TokenConfig(Path.of(args[0]), args[1], PinSource.file(Path.of(args[2])), 1))) {
            if (args[3].equals("make")) {
                token.generate(KeySpec.AES_256_GCM, args[4].getBytes(StandardCharsets.UTF_8), args[4]);
            } else {
                token.destroy(token.findByLabel(args[4]).orElseThrow());
            }
        }
    }
}
