package dev.keyproof.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;

/** The token of NSS: another vendor's, with a database in a folder of its own. Without it the tests fail; they are not skipped. */
public final class NssSoftoken {
    private static final List<Path> PLACES = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu/libsoftokn3.so"),
            Path.of("/usr/lib/x86_64-linux-gnu/nss/libsoftokn3.so"),
            Path.of("/usr/lib64/libsoftokn3.so"));

    /** The slot of the token that keeps keys; the first one only computes. */
    private static final long SLOT = 2;

    private NssSoftoken() {}

    static Path module() {
        for (Path place : PLACES) {
            if (Files.isReadable(place)) {
                return place;
            }
        }
        throw new AssertionError("NSS softokn is missing and these tests need it: apt-get install libnss3");
    }

    /** Makes a token, PIN 123456, which has what guards it has. */
    static TokenConfig make(Path folder, String label) throws Exception {
        return make(folder, label, "123456");
    }

    /** The same with a PIN of one's own. */
    public static TokenConfig make(Path folder, String label, String pin) throws Exception {
        String parameters = "configdir='sql:" + Files.createDirectories(folder.resolve(label))
                + "' certPrefix='' keyPrefix='' secmod='' flags= dbTokenDescription='" + label + "' ";
        try (ModuleCopies copy = ModuleCopies.of(module(), 1)) {
            Cryptoki cryptoki = Cryptoki.load(copy.modules().getFirst(), parameters);
            long session = cryptoki.openSession(SLOT);
            cryptoki.login(session, Ck.USER_SO, new byte[0]);
            cryptoki.initPin(session, pin.getBytes(UTF_8));
            cryptoki.closeAllSessions(SLOT);
        }
        return new TokenConfig(
                module(),
                label,
                SoftHsm.pin(pin),
                1,
                parameters,
                EnumSet.complementOf(EnumSet.of(Guard.NOT_MODIFIABLE)),
                Root.BORN);
    }
}
