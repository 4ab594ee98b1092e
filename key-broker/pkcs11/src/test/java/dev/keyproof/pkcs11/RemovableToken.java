package dev.keyproof.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A SoftHSM token behind a module of its own, compiled here, that can take it away and give it back. */
final class RemovableToken {
    private final String label;
    private final Path module;
    private final Path state;

    private RemovableToken(String label, Path module, Path state) {
        this.label = label;
        this.module = module;
        this.state = state;
    }

    /** Makes the token and its module in the folder. */
    static RemovableToken make(Path folder, String label) throws Exception {
        SoftHsm.make(label);
        Path softHsm = Files.copy(SoftHsm.module(), folder.resolve(label + "-device.so"));
        Path module = folder.resolve(label + ".so");
        Path state = folder.resolve(label + ".state");
        Process compiler = compiler(softHsm, module, state);
        String said = new String(compiler.getInputStream().readAllBytes(), UTF_8);
        assertThat(compiler.waitFor()).as("cc says: %s", said).isZero();
        return new RemovableToken(label, module, state);
    }

    private static Process compiler(Path softHsm, Path module, Path state) {
        try {
            return new ProcessBuilder(
                            "cc",
                            "-O1",
                            "-shared",
                            "-fPIC",
                            "-DMODULE=\"" + softHsm + "\"",
                            "-DSWITCH=\"" + state + "\"",
                            "-o",
                            module.toString(),
                            "src/test/native/removable.c",
                            "-ldl",
                            "-lpthread")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new AssertionError(
                    "A C compiler is missing and these tests need it: apt-get install gcc libc6-dev", e);
        }
    }

    TokenConfig config() {
        return new TokenConfig(module, label, SoftHsm.pin("123456"), 1);
    }

    String label() {
        return label;
    }

    void remove() throws IOException {
        set("R");
    }

    void breakDown() throws IOException {
        set("E");
    }

    void lockPin() throws IOException {
        set("L");
    }

    void leaveOneTry() throws IOException {
        set("F");
    }

    void giveBack() throws IOException {
        Files.deleteIfExists(state);
    }

    private void set(String what) throws IOException {
        Path whole = Files.writeString(state.resolveSibling(state.getFileName() + ".new"), what);
        Files.move(whole, state, StandardCopyOption.ATOMIC_MOVE);
    }
}
