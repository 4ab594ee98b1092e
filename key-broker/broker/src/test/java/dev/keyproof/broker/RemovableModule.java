package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** SoftHSM behind a module, compiled here, that can take the token away, give it back, and hold calls up. */
public final class RemovableModule {
    private static final Path SHIM = Path.of("../pkcs11/src/test/native/removable.c");

    private final Path module;
    private final Path state;

    private RemovableModule(Path module, Path state) {
        this.module = module;
        this.state = state;
    }

    /** Makes the module in the folder; what it does says {@code removable.c}. */
    public static RemovableModule make(Path folder) throws Exception {
        Path device = Files.copy(TestHome.MODULE, folder.resolve("device.so"));
        Path module = folder.resolve("removable.so");
        Path state = folder.resolve("removable.state");
        Process compiler = new ProcessBuilder(
                        "cc",
                        "-O1",
                        "-shared",
                        "-fPIC",
                        "-DMODULE=\"" + device + "\"",
                        "-DSWITCH=\"" + state + "\"",
                        "-o",
                        module.toString(),
                        SHIM.toString(),
                        "-ldl",
                        "-lpthread")
                .redirectErrorStream(true)
                .start();
        String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(compiler.waitFor()).as("cc says: %s", said).isZero();
        return new RemovableModule(module, state);
    }

    public Path module() {
        return module;
    }

    /** From now on it does so. */
    public void set(String what) throws IOException {
        Files.deleteIfExists(held());
        Path whole = Files.writeString(state.resolveSibling(state.getFileName() + ".new"), what);
        Files.move(whole, state, StandardCopyOption.ATOMIC_MOVE);
    }

    public void giveBack() throws IOException {
        Files.deleteIfExists(state);
    }

    /** Whether a call was held up since. */
    boolean holds() {
        return Files.exists(held());
    }

    private Path held() {
        return state.resolveSibling(state.getFileName() + ".held");
    }
}
