package dev.keyproof.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real SoftHSM in the folder that the build's SOFTHSM2_CONF names. Without SoftHSM the tests fail; they are not skipped. */
final class SoftHsm {
    private static final List<Path> PLACES = List.of(
            Path.of("/usr/lib/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib64/pkcs11/libsofthsm2.so"));

    private SoftHsm() {}

    static Path module() {
        for (Path place : PLACES) {
            if (Files.isReadable(place)) {
                return place;
            }
        }
        throw new AssertionError("SoftHSM is missing and these tests need it: apt-get install softhsm2");
    }

    static PinSource pin(String pin) {
        return PinSource.of(pin.toCharArray());
    }

    /** Makes a token, PIN 123456. */
    static void make(String label) throws IOException, TokenException {
        Token.initialise(prepared(), label, pin("so-87654321"), pin("123456"));
    }

    static Token open(String label, int shards) throws TokenException {
        return Token.open(new TokenConfig(module(), label, pin("123456"), shards));
    }

    /** Writes the configuration where the environment says, and gives the module. */
    static Path prepared() throws IOException {
        String where = System.getenv("SOFTHSM2_CONF");
        assertThat(where).as("the build sets SOFTHSM2_CONF for the tests").isNotNull();
        Path conf = Path.of(where);
        Path tokens = conf.resolveSibling("tokens");
        Files.createDirectories(tokens);
        Files.writeString(
                conf, "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        return module();
    }
}
