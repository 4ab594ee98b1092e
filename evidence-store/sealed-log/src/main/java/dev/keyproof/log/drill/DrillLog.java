package dev.keyproof.log.drill;

import dev.keyproof.log.LogException;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

/**
 * Where drills are sealed while no evidence service runs: a log of their own, signed by a key that lies beside it. It shows that a report
 * is as it was left, and that none is missing, to whoever keeps a checkpoint elsewhere; to nobody who trusts the folder alone.
 */
public final class DrillLog {
    private static final String ORIGIN = "keyproof/log/drills";
    private static final int PREALLOCATED = 256 << 10;

    private DrillLog() {}

    /**
     * What was sealed.
     *
     * @param index of the entry
     * @param head the first that covers it
     * @param vkey what verifies the head
     */
    public record Sealed(long index, SignedHead head, String vkey) {}

    /**
     * Seals an entry.
     *
     * @param folder holds the log and its key; both are made if they are not there
     * @param entry at most 65,535 bytes
     */
    public static Sealed seal(Path folder, byte[] entry) throws LogException, IOException, GeneralSecurityException {
        Files.createDirectories(folder);
        DrillKey key =
                Files.exists(folder.resolve("key.pub")) ? DrillKey.read(folder, ORIGIN) : DrillKey.make(folder, ORIGIN);
        LogOptions options = new LogOptions(PREALLOCATED, PREALLOCATED);
        try (SealedLog log = SealedLog.open(folder.resolve("log"), ORIGIN, options)) {
            long index = log.append(List.of(entry), new byte[0]).join().from();
            return new Sealed(index, log.publish(List.of(key)), key.verifier().vkey());
        }
    }
}
