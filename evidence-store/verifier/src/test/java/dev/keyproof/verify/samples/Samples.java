package dev.keyproof.verify.samples;

import dev.keyproof.verify.LogKey;
import dev.keyproof.verify.Manifest;
import dev.keyproof.verify.PackWriter;
import dev.keyproof.verify.Reason;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.testing.TestingPack;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** All samples. Where the defect is never depends on chance; only keys and times are new in each run. */
public final class Samples {
    /** Big enough for a full tile and one over it. */
    static final int SIZE = 300;

    final TestingPack testing = new TestingPack();
    final List<byte[]> entries = testing.entries(SIZE);

    private Samples() {}

    /** One for every reason that a file can give. */
    public static List<Sample> all() {
        Samples samples = new Samples();
        List<Sample> all = new ArrayList<>();
        all.addAll(new ZipSamples(samples).all());
        all.addAll(new ManifestSamples(samples).all());
        all.addAll(new SignatureSamples(samples).all());
        all.addAll(new RevocationSamples(samples).all());
        all.addAll(new CheckpointSamples(samples).all());
        all.addAll(new TimeSamples(samples).all());
        all.addAll(new LogSamples(samples).all());
        all.addAll(new ContentSamples(samples).all());
        all.addAll(new StatementSamples(samples).all());
        all.addAll(new ApproverSamples(samples).all());
        all.addAll(new CaseSamples(samples).all());
        return all;
    }

    /** A sound pack. */
    byte[] sound() {
        return testing.pack(entries);
    }

    /** A sound pack whose signature nobody stamped, and so may be put in the place of another. */
    byte[] unstamped(List<byte[]> sealed) {
        return testing.pack(sealed, testing.signer, files -> {}, Optional.empty(), logs -> logs);
    }

    /** A sound pack of another log of the same name, keys and size. */
    byte[] other() {
        List<byte[]> others = new ArrayList<>(entries);
        others.set(17, bytes(testing.operation(17).replace("\"time\":17", "\"time\":16")));
        return testing.pack(others);
    }

    Sample of(Reason reason, byte[] pack, String says) {
        return new Sample(reason, pack, testing.trust(), says);
    }

    /** A pack whose files are bent before they are listed and signed. */
    Sample bent(Reason reason, String says, Consumer<Map<String, byte[]>> bend) {
        return of(reason, testing.pack(entries, testing.signer, bend), says);
    }

    /** A pack with other entries than they should be: those of a small log, changed. */
    Sample sealed(Reason reason, String says, Consumer<List<byte[]>> change) {
        List<byte[]> few = testing.entries(8);
        change.accept(few);
        return of(reason, testing.pack(few), says);
    }

    /** A pack whose list of logs is bent. */
    Sample logs(Reason reason, String says, UnaryOperator<List<Manifest.Log>> bend) {
        return of(reason, testing.pack(entries, testing.signer, files -> {}, Optional.of(stamper()), bend), says);
    }

    PackWriter.Stamper stamper() {
        return testing.timeStamps.at(Instant.now());
    }

    /** The anchor with other keys of logs. */
    TrustFile trust(List<LogKey> logKeys) {
        TrustFile trust = testing.trust();
        return new TrustFile(
                trust.signers(),
                trust.timeStampers(),
                logKeys,
                trust.approvers(),
                trust.witnesses(),
                trust.audiences());
    }

    static byte[] content(Map<String, byte[]> files, String file) {
        return Objects.requireNonNull(files.get(file));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
