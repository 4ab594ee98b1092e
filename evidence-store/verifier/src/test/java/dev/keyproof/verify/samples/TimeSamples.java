package dev.keyproof.verify.samples;

import dev.keyproof.log.merkle.Hash;
import dev.keyproof.verify.Certificates;
import dev.keyproof.verify.ManifestTime;
import dev.keyproof.verify.PackWriter;
import dev.keyproof.verify.Reason;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingEvidenceRecord;
import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingRecords;
import dev.keyproof.verify.testing.TestingTimeStamps;
import dev.keyproof.verify.testing.TestingZip;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Times of something else, by somebody else, or out of order. */
final class TimeSamples {
    private static final String QUERY = "time/2026.tsq";
    private static final String ANSWER = "time/2026.tsr";
    private static final String RECORD = "time/2026.ers";

    private final Samples samples;
    private final TestingPack testing;
    private final TestingEvidenceRecord records;
    private final byte[] earlier;

    TimeSamples(Samples samples) {
        this.samples = samples;
        this.testing = samples.testing;
        this.records = new TestingEvidenceRecord(testing.timeStamps);
        this.earlier = testing.checkpoint(200, root(200));
    }

    List<Sample> all() {
        return List.of(
                askedForSomethingElse(),
                noTimeStamp(),
                answerToAnother(),
                refused(),
                ofAnotherSignature(),
                byOneWhoMayNot(),
                byAStranger(),
                recordTakenOut(),
                recordOfAnotherForm(),
                recordOverAnother(),
                recordOutOfOrder(),
                recordByAStranger());
    }

    private Sample askedForSomethingElse() {
        return samples.bent(Reason.TIME_REQUEST, "time/2026.tsq: the time was not asked for this checkpoint", files -> {
            byte[] request = TestingTimeStamps.request(new byte[] {1});
            files.put(QUERY, request);
            files.put(ANSWER, testing.timeStamps.answer(request, Instant.now()));
        });
    }

    private Sample noTimeStamp() {
        try {
            return samples.of(
                    Reason.TIME_FORM,
                    TestingZip.with(samples.sound(), ManifestTime.NAME, Samples.bytes("nonsense")),
                    "time/manifest.tsr: not a time stamp");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Sample answerToAnother() {
        return samples.bent(
                Reason.TIME_FALSE,
                "time/2026.tsr: not a valid time stamp: ",
                files -> files.put(QUERY, TestingTimeStamps.request(Samples.content(files, "log/2026/checkpoint"))));
    }

    private Sample refused() {
        return samples.bent(
                Reason.TIME_REFUSED,
                "time/2026.tsr: the authority refused: ",
                files -> files.put(ANSWER, testing.timeStamps.refusal()));
    }

    private Sample ofAnotherSignature() {
        PackWriter.Stamper real = samples.stamper();
        PackWriter.Stamper other = new PackWriter.Stamper() {
            @Override
            public List<X509Certificate> chain() {
                return real.chain();
            }

            @Override
            public Optional<byte[]> stamp(byte[] content) {
                return real.stamp(new byte[] {1});
            }
        };
        return samples.of(
                Reason.TIME_IMPRINT,
                testing.pack(samples.entries, testing.signer, files -> {}, Optional.of(other), logs -> logs),
                "time/manifest.tsr: the time is that of something else");
    }

    private Sample byOneWhoMayNot() {
        TestingAuthority noStamper = TestingAuthority.signer("No time");
        byte[] pack = testing.pack(
                samples.entries,
                testing.signer,
                files -> files.put("trust/tsa.pem", Samples.bytes(Certificates.pem(noStamper.chain()))));
        TrustFile trust = testing.trust()
                .and(new TrustFile(List.of(), List.of(noStamper.root()), List.of(), Map.of(), List.of(), List.of()));
        return new Sample(
                Reason.TIME_AUTHORITY,
                pack,
                trust,
                "time/2026.tsr: not signed by the authority whose certificates are in trust/");
    }

    private Sample byAStranger() {
        TestingTimeStamps stranger = new TestingPack().timeStamps;
        return samples.of(
                Reason.TIME_AUTHORITY_UNTRUSTED,
                testing.pack(
                        samples.entries,
                        testing.signer,
                        files -> {},
                        Optional.of(stranger.at(Instant.now())),
                        logs -> logs),
                "trust/manifest-tsa.pem: ends in Test time root, which the trust file does not name");
    }

    private Sample recordTakenOut() {
        return archived(
                Reason.EVIDENCE_RECORD_MISSING,
                "time/2026.checkpoint: there is no evidence record over it",
                files -> files.remove(RECORD));
    }

    /** The length of the whole in one byte more than it needs. */
    private Sample recordOfAnotherForm() {
        return archived(Reason.EVIDENCE_RECORD_FORM, "time/2026.ers: not in canonical form (DER)", files -> {
            byte[] der = Samples.content(files, RECORD);
            byte[] longer = new byte[der.length + 1];
            longer[0] = der[0];
            longer[1] = (byte) 0x83;
            System.arraycopy(der, 2, longer, 3, der.length - 2);
            files.put(RECORD, longer);
        });
    }

    private Sample recordOverAnother() {
        return archived(
                Reason.EVIDENCE_RECORD_FALSE,
                "time/2026.ers: not a valid evidence record: ",
                files -> files.put("time/2026.checkpoint", testing.checkpoint(201, root(201))));
    }

    private Sample recordOutOfOrder() {
        Instant now = Instant.now();
        return archived(
                Reason.EVIDENCE_RECORD_ORDER,
                "time/2026.ers, token 2: the token after it is older",
                files -> files.put(
                        RECORD,
                        records.renewed(earlier, now.minus(Duration.ofHours(2)), now, now.minus(Duration.ofHours(1)))));
    }

    private Sample recordByAStranger() {
        TestingTimeStamps stranger = new TestingPack().timeStamps;
        return archived(
                Reason.EVIDENCE_RECORD_AUTHORITY,
                "time/2026.ers, token 1: no path at ",
                files -> files.put(RECORD, new TestingEvidenceRecord(stranger).over(earlier, Instant.now())));
    }

    /** A pack with an evidence record over the log's head at entry 200, bent. */
    private Sample archived(Reason reason, String says, Consumer<Map<String, byte[]>> bend) {
        return samples.bent(reason, says, files -> {
            records.put(files, earlier);
            bend.accept(files);
        });
    }

    private Hash root(int size) {
        return TestingRecords.range(samples.entries.subList(0, size)).root();
    }
}
