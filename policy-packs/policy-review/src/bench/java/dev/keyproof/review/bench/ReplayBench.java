package dev.keyproof.review.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.note.TestingSigner;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.policy.DecisionMemo;
import dev.keyproof.policy.EffectivePolicy;
import dev.keyproof.policy.Overlay;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.review.history.HistoryException;
import dev.keyproof.review.history.LogHistory;
import dev.keyproof.review.history.Period;
import dev.keyproof.review.replay.Policies;
import dev.keyproof.review.replay.Replay;
import dev.keyproof.review.replay.ReplayReport;
import dev.keyproof.review.standing.Subjects;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Events of a sealed log that are read, found, and decided again, a second, on all cores: each evaluated in full under base and head
 * ({@code replay}), and what differs in nothing that policy reads decided once ({@code replay-memo}); the same, and what
 * events tell of keys, accounts and the log remembered for the rules, as a review does it ({@code review}). Does the rows that are named, or
 * all. Prints one line of JSON at the end.
 */
public final class ReplayBench {
    private static final String ORIGIN = "keyproof/log/bench/2026";
    private static final int PART = 1_000;
    private static final int ROUNDS = 3;
    private static final int EVALUATED = 60_000;
    private static final int REMEMBERED = 400_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private ReplayBench() {}

    public static void main(String[] arguments) throws Exception {
        PolicyBundle bundle = PolicyBundle.builtIn();
        // Another policy, so that nothing that one remembers serves the other.
        Overlay other = Overlay.of("bench.json", "{\"batch\":{\"maximum\":7}}".getBytes(StandardCharsets.UTF_8));
        PolicyBundle changed = EffectivePolicy.of(bundle, List.of(other)).bundle();
        Path folder = Files.createTempDirectory("keyproof-replay");
        int threads = Runtime.getRuntime().availableProcessors();
        PolicyEngine head = PolicyEngine.load(changed);
        try {
            Path policy = Files.write(folder.resolve("bundle.tar.gz"), bundle.bytes());
            LogHistory few = sealed(folder.resolve("few"), bundle, EVALUATED, policy);
            LogHistory many = sealed(folder.resolve("many"), bundle, REMEMBERED, policy);

            ArrayNode rows = JSON.createArrayNode();
            List<String> wanted =
                    arguments.length > 0 ? List.of(arguments) : List.of("replay", "replay-memo", "review");
            if (wanted.contains("replay")) {
                row(rows, "replay", rate("replay", bundle, head, 0, Replay::run, few, threads));
            }
            if (wanted.contains("replay-memo")) {
                row(rows, "replay-memo", rate("replay-memo", bundle, head, 50_000, Replay::run, many, threads));
            }
            if (wanted.contains("review")) {
                row(rows, "review", rate("review", bundle, head, 50_000, ReplayBench::review, many, threads));
            }
            System.out.println(JSON.writeValueAsString(rows));
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static LogHistory sealed(Path folder, PolicyBundle bundle, int events, Path policy) throws Exception {
        Files.createDirectories(folder);
        long bytes = 0;
        PolicyEngine engine = PolicyEngine.load(bundle);
        try (SealedLog log = SealedLog.open(folder, ORIGIN, LogOptions.DEFAULTS)) {
            Traffic traffic = new Traffic(DecisionMemo.over(engine, 50_000));
            for (int i = 0; i < events; i += PART) {
                List<byte[]> part = new ArrayList<>(PART);
                for (int j = 0; j < PART; j++) {
                    byte[] event = traffic.next();
                    bytes += event.length;
                    part.add(event);
                }
                log.append(part, new byte[0]).join();
            }
            log.publish(List.of(TestingSigner.ed25519(ORIGIN)));
        }
        System.out.printf("sealed %d events, %d bytes each%n", events, bytes / events);
        return LogHistory.of(folder, List.of(policy));
    }

    /** What is done to a history. */
    private interface Work {
        ReplayReport over(Replay replay, LogHistory history) throws HistoryException;
    }

    private static ReplayReport review(Replay replay, LogHistory history) throws HistoryException {
        return replay.run(history, Period.ALL, new Subjects()::event);
    }

    /** The best of some rounds, each with a memory that knows nothing. */
    private static double rate(
            String name,
            PolicyBundle bundle,
            PolicyEngine head,
            int remembered,
            Work work,
            LogHistory history,
            int threads)
            throws Exception {
        double best = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            Policies kept = new Policies(List.of(bundle), remembered);
            DecisionMemo base = kept.of(bundle);
            DecisionMemo other = DecisionMemo.over(head, remembered);
            long begun = System.nanoTime();
            ReplayReport report = work.over(new Replay(kept, base, other, threads, done -> {}), history);
            double rate = report.decisions() * 1e9 / (System.nanoTime() - begun);
            if (!report.isFaithful() || report.replayed() != report.decisions()) {
                throw new IOException("the history was not replayed as it was sealed");
            }
            long asked = 2 * report.decisions();
            System.out.printf(
                    "%s, round %d: %.0f events/s, %.2f %% of %d decisions remembered%n",
                    name, round, rate, 100.0 * report.remembered() / asked, asked);
            best = Math.max(best, rate);
        }
        return best;
    }

    private static void row(ArrayNode rows, String name, double rate) {
        rows.addObject().put("name", name).put("value", Math.round(rate)).put("unit", "events/s");
    }
}
