package dev.keyproof.broker.ceremony;

import dev.keyproof.pkcs11.PinSource;
import dev.keyproof.pkcs11.Token;
import dev.keyproof.pkcs11.TokenConfig;
import dev.keyproof.pkcs11.TokenException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** A token that takes part. */
final class TokenOption {
    @Option(
            names = "--token",
            required = true,
            paramLabel = "LABEL",
            description = "the token's label; with --module and --pin-file, and again for each further token")
    private String label = "";

    @Option(names = "--module", required = true, paramLabel = "FILE", description = "its PKCS#11 library")
    private Path module = Path.of("");

    @Option(names = "--pin-file", required = true, paramLabel = "FILE", description = "the file with its user PIN")
    private Path pinFile = Path.of("");

    String label() {
        return label;
    }

    /** The token, whose root is none of its own. */
    Token open() throws CeremonyException {
        try {
            return Token.open(new TokenConfig(module, label, PinSource.file(pinFile), 1).inGroup());
        } catch (TokenException e) {
            throw new CeremonyException("token " + label + ": " + e.getMessage(), e);
        }
    }
}
