package dev.keyproof.launcher.cli;

import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.setup.Identities;
import dev.keyproof.launcher.workload.BrokerClient;
import dev.keyproof.launcher.workload.WorkloadException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/** Two callers that encrypt and rotate without end, whatever happens to the parts. */
final class Load implements AutoCloseable {
    private static final Duration LIFE = Duration.ofHours(1);

    private final BrokerClient broker;
    private final String administrator;
    private final String application;
    private final String key;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<Thread> threads;

    Load(Context context, String run) throws LauncherException, WorkloadException {
        Identities identities = context.identities();
        this.broker = new BrokerClient(URI.create(context.address("broker")), run);
        this.administrator = identities.token("administrator-1", List.of("administrator"), LIFE);
        this.application = identities.token("payments", List.of("application"), LIFE);
        this.key = broker.operate(administrator, "POST", "/v1/keys", Map.of("name", run, "algorithm", "AES_256_GCM"))
                .text("id");
        this.threads = List.of(
                Thread.ofVirtual().start(() -> repeat(() -> use())),
                Thread.ofVirtual().start(() -> repeat(() -> rotate())));
    }

    private interface Call {
        void make() throws WorkloadException;
    }

    private void repeat(Call call) {
        while (!stopped.get()) {
            try {
                call.make();
            } catch (WorkloadException notAnswered) {
                // The broker is down or just going down; what was not answered was not acknowledged.
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    }

    private void use() throws WorkloadException {
        broker.operate(application, "POST", "/v1/keys/" + key + ":encrypt", Map.of("plaintext", "QUJD"));
    }

    private void rotate() throws WorkloadException {
        // Rotations are intent, effect, outcome: a crash finds one of the three half done.
        broker.operate(administrator, "POST", "/v1/keys/" + key + ":rotate", Map.of());
    }

    BrokerClient broker() {
        return broker;
    }

    /** Waits until so many more operations are answered. */
    void more(int operations) {
        long goal = broker.operations() + operations;
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> broker.operations() >= goal);
    }

    @Override
    public void close() {
        finish();
    }

    /** Ends it; what was answered by then is final. */
    void finish() {
        stopped.set(true);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
