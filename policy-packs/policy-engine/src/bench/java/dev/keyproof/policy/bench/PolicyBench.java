package dev.keyproof.policy.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.policy.DecisionMemo;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.policy.PolicyException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * The time of one decision, in microseconds: in process, and by the same policy on {@code opa run --server} over a kept-alive
 * loopback connection, in turns. Both from a parsed input's bytes to a parsed answer. One caller; then two at once, one who asks what was
 * decided before, and one who asks while the whole policy is put in force anew, again and again, or while a thread beside
 * only counts. Prints one line of JSON at the end.
 */
public final class PolicyBench {
    private static final int ROUNDS = 5;
    private static final int WARM_UP_OURS = 20_000;
    private static final int WARM_UP_OPA = 3_000;
    private static final int OURS = 6_000;
    private static final int OPA = 1_500;
    private static final int RULES = 800;
    private static final int CALLERS = 2;
    /** So many that several loads come to pass meanwhile. */
    private static final int RELOADED = 60_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private PolicyBench() {}

    public static void main(String[] arguments) throws Exception {
        JsonNode input = JSON.readTree(INPUT);
        byte[] body = JSON.writeValueAsBytes(JSON.createObjectNode().set("input", input));
        PolicyBundle bundle = PolicyBundle.builtIn();
        long start = System.nanoTime();
        PolicyEngine engine = PolicyEngine.load(bundle);
        try (OpaServer opa = OpaServer.start(bundle)) {
            System.out.printf("engine and opa started in %d ms%n", (System.nanoTime() - start) / 1_000_000);
            Asked ours = () -> engine.authorise(input).allow();
            Asked theirs = () -> JSON.readTree(opa.ask("/v1/data/keyproof/authz/decision", body))
                    .path("result")
                    .path("allow")
                    .booleanValue();
            time(ours, WARM_UP_OURS);
            time(theirs, WARM_UP_OPA);
            long[] mine = new long[0];
            long[] other = new long[0];
            for (int round = 1; round <= ROUNDS; round++) {
                long[] a = time(ours, OURS);
                long[] b = time(theirs, OPA);
                System.out.printf(
                        "round %d: in process p50 %.1f us, opa over HTTP p50 %.1f us%n", round, at(a, 50), at(b, 50));
                mine = joined(mine, a);
                other = joined(other, b);
            }
            time(() -> !engine.evaluate(input).isEmpty(), RULES);
            long[] rules = time(() -> !engine.evaluate(input).isEmpty(), RULES);

            long[] busy = together(() -> engine.authorise(input).allow());
            DecisionMemo memo = DecisionMemo.over(engine, 100);
            Asked known = () -> memo.authorise(input).allow();
            time(known, WARM_UP_OURS);
            long[] remembered = time(known, OURS);

            double calm = 0;
            double busier = 0;
            double changing = 0;
            for (int round = 1; round <= ROUNDS; round++) {
                calm = Math.max(calm, slowest(time(ours, RELOADED)));
                busier = Math.max(busier, slowest(beside(new Counting(), ours)));
                Loading loading = new Loading(bundle);
                changing = Math.max(
                        changing,
                        slowest(beside(
                                loading,
                                () -> loading.inForce().authorise(input).allow())));
            }

            ArrayNode rows = JSON.createArrayNode();
            row(rows, "decision-p50-us", at(mine, 50), at(other, 50));
            row(rows, "decision-p99-us", at(mine, 99), at(other, 99));
            row(rows, "decision-p99-us-2-callers", at(busy, 99), Double.NaN);
            row(rows, "decision-remembered-p50-us", at(remembered, 50), at(other, 50));
            row(rows, "rules-p50-us", at(rules, 50), Double.NaN);
            row(rows, "decision-slowest-us-reloading", changing)
                    .put(
                            "against",
                            "the same policy all the time: " + Math.round(calm * 10) / 10.0
                                    + " us; and beside a thread that only counts: " + Math.round(busier * 10) / 10.0
                                    + " us")
                    .put("ratio", Math.round(busier / changing * 100) / 100.0);
            System.out.println(JSON.writeValueAsString(rows));
        }
    }

    private interface Asked {
        boolean ask() throws Exception;
    }

    /** Nanoseconds of each call, sorted. */
    private static long[] time(Asked asked, int times) throws Exception {
        long[] taken = new long[times];
        for (int i = 0; i < times; i++) {
            long before = System.nanoTime();
            if (!asked.ask()) {
                throw new IllegalStateException("the input of the benchmark is to be granted and sound");
            }
            taken[i] = System.nanoTime() - before;
        }
        Arrays.sort(taken);
        return taken;
    }

    /** Of all callers, each as busy as it can be. */
    private static long[] together(Asked asked) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Future<long[]>> running = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                running.add(callers.submit(() -> time(asked, OURS * ROUNDS)));
            }
            long[] taken = new long[0];
            for (Future<long[]> one : running) {
                taken = joined(taken, one.get());
            }
            return taken;
        } finally {
            callers.shutdown();
        }
    }

    /** What keeps a core busy beside a caller. */
    private interface Busy {
        void turn() throws PolicyException;
    }

    /** Nothing that has to do with policy. */
    private static final class Counting implements Busy {
        private final LongAdder counted = new LongAdder();

        @Override
        public void turn() {
            counted.increment();
        }
    }

    /** Loads the policy and puts it in force. */
    private static final class Loading implements Busy {
        private final PolicyBundle bundle;
        private volatile PolicyEngine inForce;

        Loading(PolicyBundle bundle) throws PolicyException {
            this.bundle = bundle;
            this.inForce = PolicyEngine.load(bundle);
        }

        @Override
        public void turn() throws PolicyException {
            inForce = PolicyEngine.load(bundle);
        }

        PolicyEngine inForce() {
            return inForce;
        }
    }

    /** Of a caller, while a thread beside is busy for as long as the caller asks. */
    private static long[] beside(Busy other, Asked asked) throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Long> busy = thread.submit(() -> {
                long turns = 0;
                for (; !done.get(); turns++) {
                    other.turn();
                }
                return turns;
            });
            long[] taken = time(asked, RELOADED);
            done.set(true);
            System.out.printf(
                    "beside %d turns of %s: slowest %.1f us%n",
                    busy.get(), other.getClass().getSimpleName().toLowerCase(Locale.ROOT), slowest(taken));
            return taken;
        } finally {
            done.set(true);
            thread.shutdown();
        }
    }

    private static double slowest(long[] sorted) {
        return at(sorted, 100);
    }

    private static double at(long[] sorted, int percent) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1_000.0;
    }

    private static long[] joined(long[] a, long[] b) {
        long[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        Arrays.sort(all);
        return all;
    }

    private static ObjectNode row(ArrayNode rows, String name, double value) {
        return rows.addObject()
                .put("name", name)
                .put("value", Math.round(value * 10) / 10.0)
                .put("unit", "us");
    }

    private static void row(ArrayNode rows, String name, double value, double against) {
        ObjectNode row = row(rows, name, value);
        if (!Double.isNaN(against)) {
            row.put("against", "opa run --server, kept alive: " + Math.round(against * 10) / 10.0 + " us");
            row.put("ratio", Math.round(against / value * 100) / 100.0);
        }
    }

    private static final byte[] INPUT = """
            {"operation": "Encrypt", "killSwitch": false, "actor": {"id": "payments", "roles": ["application"]},
             "key": {"id": "01KAV3J8Q4W6Z0X1Y2T3R4S5P6", "name": "card-data", "purpose": "encrypt",
              "algorithm": "AES_256_GCM", "state": "active", "version": 1, "owner": "payments", "tags": {},
              "created": "2026-11-01T00:00:00Z", "rotated": "2026-11-01T00:00:00Z", "rotationPeriodDays": 90,
              "provider": "pkcs11", "residence": "resident",
              "attributes": {"sensitive": true, "extractable": false, "alwaysSensitive": true, "neverExtractable": true,
               "local": true, "modifiable": false, "copyable": false, "encrypt": true, "decrypt": true, "sign": false,
               "verify": false, "wrap": false, "unwrap": false, "keyType": "AES", "bits": 256}},
             "request": {"source": "127.0.0.1", "batch": 1, "context": ["tenant", "purpose"], "parameters": {}},
             "approvals": null,
             "time": {"epoch": 1795478400, "rfc3339": "2026-11-24T00:00:00Z", "weekday": "tue", "hour": 0}}
            """.getBytes(StandardCharsets.UTF_8);
}
