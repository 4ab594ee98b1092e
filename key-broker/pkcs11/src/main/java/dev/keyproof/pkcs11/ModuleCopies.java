package dev.keyproof.pkcs11;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Private copies of a module file. The loader takes each copy for another library, so each has state and a lock of its own,
 * and two opens never share a login. SunPKCS11 wants the file to be there when a login is made anew, so they stay till the
 * end.
 */
final class ModuleCopies implements AutoCloseable {
    private final List<Path> modules;
    private final List<Path> ours;

    private ModuleCopies(List<Path> modules, List<Path> ours) {
        this.modules = modules;
        this.ours = ours;
    }

    /** That many copies, or the file itself for 0. */
    static ModuleCopies of(Path module, int copies) throws TokenException {
        if (!Files.isReadable(module)) {
            throw new TokenException.ModuleMissing(
                    "The PKCS#11 module " + module
                            + " is not there or not readable; for SoftHSM: apt-get install softhsm2.",
                    null);
        }
        if (copies == 0) {
            return new ModuleCopies(List.of(module), List.of());
        }
        try {
            Path folder = Files.createTempDirectory("keyproof-module-");
            folder.toFile().deleteOnExit();
            List<Path> files = new ArrayList<>();
            for (int i = 0; i < copies; i++) {
                Path copy = folder.resolve("shard" + i + ".so");
                Files.copy(module, copy);
                copy.toFile().deleteOnExit();
                files.add(copy);
            }
            List<Path> ours = new ArrayList<>(files);
            ours.add(folder);
            return new ModuleCopies(List.copyOf(files), List.copyOf(ours));
        } catch (IOException e) {
            throw new TokenException.ModuleMissing(
                    "The module " + module + " cannot be copied to the folder of java.io.tmpdir: is there room?", e);
        }
    }

    List<Path> modules() {
        return modules;
    }

    @Override
    public void close() throws TokenException {
        try {
            for (Path path : ours) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new TokenException("A copy of the module could not be deleted.", e);
        }
    }
}
