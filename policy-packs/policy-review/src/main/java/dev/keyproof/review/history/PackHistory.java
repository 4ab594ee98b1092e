package dev.keyproof.review.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.InclusionProof;
import dev.keyproof.log.tile.TileHashes;
import dev.keyproof.log.tile.TileReader;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.verify.Entry;
import dev.keyproof.verify.PackVerifier;
import dev.keyproof.verify.Summary;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** What a pack holds, which is verified while it is read: nothing that is found in a broken one counts. */
public final class PackHistory implements SealedHistory {
    /** What every pack has. */
    public static final String MANIFEST = "manifest.json";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String UNKNOWN_SIGNER = "Who signed the pack is not proven: --trust FILE says whom to trust.";

    private final Path pack;
    private final @Nullable TrustFile trust;
    private List<String> unproven = List.of();
    private boolean whole = true;

    /** @param trust what vouches for the pack; null where nothing but the pack is known */
    public PackHistory(Path pack, @Nullable TrustFile trust) {
        this.pack = pack;
        this.trust = trust;
    }

    @Override
    public Map<String, Long> read(Period period, Sink sink) throws HistoryException {
        DecisionReader decisions = new DecisionReader(period, sink);
        @Nullable HistoryException[] stopped = new HistoryException[1];
        Verdict verdict = new PackVerifier(Clock.systemUTC())
                .verify(pack, trust, entry -> stopped[0] = stopped[0] == null ? tried(decisions, entry) : stopped[0]);
        switch (verdict) {
            case Verdict.Broken broken -> throw new HistoryException(pack + " is broken: " + broken.first());
            case Verdict.Unreadable unreadable -> throw new HistoryException(unreadable.reason());
            case Verdict.SignerUnproven own -> limited(own.summary(), List.of(UNKNOWN_SIGNER));
            case Verdict.Proven proven -> limited(proven.summary(), List.of());
        }
        if (stopped[0] != null) {
            throw stopped[0];
        }
        return decisions.without();
    }

    /** What limits the verdict; and where entries are left out, that they are. */
    private void limited(Summary summary, List<String> signer) throws HistoryException {
        List<String> sentences = new ArrayList<>(signer);
        JsonNode scope = manifest().path("scope");
        boolean records = !scope.path("kind").asText().equals("range");
        boolean ends = !scope.findValues("to").isEmpty();
        if (records) {
            sentences.add(
                    "The pack holds the records of one subject only: of all else, and of the log itself, nothing is said.");
        }
        for (Summary.LogState log : summary.logs()) {
            if (!records && log.from() > 0) {
                sentences.add("Of " + log.origin() + " the entries before " + log.from()
                        + " are not in the pack: what they told is not counted.");
            }
        }
        whole = !records && !ends && summary.logs().stream().allMatch(log -> log.from() == 0);
        sentences.addAll(summary.notes());
        unproven = List.copyOf(sentences);
    }

    private JsonNode manifest() throws HistoryException {
        try (ZipFile zip = new ZipFile(pack.toFile())) {
            return JSON.readTree(bytes(zip, MANIFEST));
        } catch (IOException e) {
            throw new HistoryException(pack + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public List<String> unproven() {
        return unproven;
    }

    @Override
    public boolean isWhole() {
        return whole;
    }

    private static @Nullable HistoryException tried(DecisionReader decisions, Entry entry) {
        try {
            decisions.entry(entry.log(), entry.index(), decisions.told(entry.bytes()));
            return null;
        } catch (HistoryException e) {
            return e;
        }
    }

    @Override
    public InclusionProof proof(Place place) throws HistoryException {
        try (ZipFile zip = new ZipFile(pack.toFile())) {
            long size = 0;
            for (JsonNode log : JSON.readTree(bytes(zip, MANIFEST)).path("logs")) {
                if (log.path("path").asText().equals(place.log())) {
                    size = log.path("size").asLong();
                }
            }
            TileReader tiles = path -> {
                try {
                    return bytes(zip, place.log() + "/" + path.path());
                } catch (IOException e) {
                    throw new LogException("the pack has no " + path.path(), e);
                }
            };
            return InclusionProof.of(place.index(), size, new TileHashes(tiles, size));
        } catch (IOException | LogException | IllegalArgumentException e) {
            throw new HistoryException(
                    "entry " + place.index() + " of " + place.log() + " is proven by the pack alone", e);
        }
    }

    private static byte[] bytes(ZipFile zip, String name) throws IOException {
        ZipEntry file = zip.getEntry(name);
        if (file == null) {
            throw new NoSuchFileException(name);
        }
        try (InputStream in = zip.getInputStream(file)) {
            return in.readAllBytes();
        }
    }

    @Override
    public List<PolicyBundle> policies() throws HistoryException {
        List<PolicyBundle> policies = new ArrayList<>();
        try (ZipFile zip = new ZipFile(pack.toFile())) {
            for (ZipEntry file : Collections.list(zip.entries())) {
                if (file.getName().startsWith("policy/")) {
                    bundle(bytes(zip, file.getName())).ifPresent(policies::add);
                }
            }
            return policies;
        } catch (IOException e) {
            throw new HistoryException(pack + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Empty for data in a bundle of its own, and for what does not decide: whatever cites it is not made again. */
    private static Optional<PolicyBundle> bundle(byte[] bytes) {
        try {
            return Optional.of(PolicyBundle.of(bytes));
        } catch (PolicyException e) {
            return Optional.empty();
        }
    }
}
