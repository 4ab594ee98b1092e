package dev.keyproof.launcher.setup;

import dev.keyproof.launcher.home.Home;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.home.Secrets;
import dev.keyproof.launcher.parts.Checkout;
import dev.keyproof.launcher.process.Command;
import dev.keyproof.launcher.process.Spawner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A SoftHSM token of one part, in a folder of its own: a process that has one part's {@code SOFTHSM2_CONF} cannot see the other's
 * token.
 */
public final class SoftToken {
    private final Home home;
    private final Checkout checkout;
    private final Secrets secrets;
    private final Spawner spawner;
    private final String owner;

    public SoftToken(Home home, Checkout checkout, Secrets secrets, Spawner spawner, String owner) {
        this.home = home;
        this.checkout = checkout;
        this.secrets = secrets;
        this.spawner = spawner;
        this.owner = owner;
    }

    /**
     * The PKCS#11 module of this machine.
     *
     * @throws LauncherException if there is none
     */
    public static Path module() throws LauncherException {
        String named = System.getProperty("keyproof.softhsm", "");
        if (!named.isEmpty()) {
            return Path.of(named);
        }
        return Stream.of(
                        "/usr/lib/softhsm/libsofthsm2.so",
                        "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
                        "/usr/lib64/pkcs11/libsofthsm2.so",
                        "/usr/local/lib/softhsm/libsofthsm2.so")
                .map(Path::of)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new LauncherException(
                        "no SoftHSM module found (the keys live in it): apt-get install -y softhsm2"));
    }

    /** The token's label. */
    public String label() {
        return "keyproof-" + owner;
    }

    /** The file with the user's PIN. */
    public Path pinFile() {
        return secrets.file(owner + ".pin");
    }

    /** What a process needs in its environment to see this token and no other. */
    public Map<String, String> environment() {
        return Map.of("SOFTHSM2_CONF", folder().resolve("softhsm2.conf").toString());
    }

    /**
     * Makes the token when it is not there.
     *
     * @throws LauncherException if it cannot be made
     */
    public void ensure() throws LauncherException {
        Path pins = secrets.ensure(owner + ".pin");
        Path officer = secrets.ensure(owner + ".so-pin");
        Path objects = folder().resolve("objects");
        Path conf = folder().resolve("softhsm2.conf");
        try {
            Home.makePrivate(folder());
            Home.makePrivate(objects);
            Files.writeString(
                    conf,
                    "directories.tokendir = " + objects
                            + "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n");
            try (Stream<Path> tokens = Files.list(objects)) {
                if (tokens.findAny().isPresent()) {
                    return;
                }
            }
        } catch (IOException e) {
            throw LauncherException.because("cannot make the token folder " + folder(), e);
        }
        spawner.run(
                new Command(
                        List.of(
                                checkout.java().toString(),
                                "-Xmx64m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                checkout.classPath("key-broker/broker"),
                                "dev.keyproof.pkcs11.InitialiseToken",
                                module().toString(),
                                label(),
                                officer.toString(),
                                pins.toString()),
                        environment(),
                        folder()),
                "",
                Duration.ofSeconds(60));
    }

    private Path folder() {
        return home.tokens().resolve(owner);
    }
}
