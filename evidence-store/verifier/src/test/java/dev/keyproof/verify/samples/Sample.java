package dev.keyproof.verify.samples;

import dev.keyproof.verify.Reason;
import dev.keyproof.verify.TrustFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A pack with one defect.
 *
 * @param reason what it is
 * @param pack the pack's bytes
 * @param trust the anchor that an auditor would hold it against
 * @param says how the verdict names the defect, up to what differs from run to run
 */
public record Sample(Reason reason, byte[] pack, TrustFile trust, String says) {
    /** The two files. */
    public record Written(Path pack, Path trust) {}

    /** Writes {@code CODE.zip} and {@code CODE.trust} into a folder. */
    public Written write(Path folder) throws IOException {
        Files.createDirectories(folder);
        return new Written(
                Files.write(folder.resolve(reason.code() + ".zip"), pack),
                Files.writeString(folder.resolve(reason.code() + ".trust"), trust.text()));
    }

    @Override
    public String toString() {
        return reason.code();
    }
}
