package dev.keyproof.launcher.workload;

import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.setup.Identities;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** A day of key operations in a few seconds: births, use, rotation, refusals, an approved destruction, a burst. */
public final class Workload {
    private static final int CALLERS_AT_ONCE = 8;
    private static final int BURST = 160;

    private final BrokerClient broker;
    private final Identities identities;
    private final Callers callers;
    private final Keys keys;
    private final Consumer<String> doing;

    /**
     * A workload.
     *
     * @param doing is told what is being done
     */
    public Workload(BrokerClient broker, Identities identities, Consumer<String> doing) throws LauncherException {
        this.broker = broker;
        this.identities = identities;
        this.callers = Callers.of(identities);
        this.keys = new Keys(broker, callers);
        this.doing = doing;
    }

    /** One step of many alike. */
    private interface Step {
        void run(int i) throws WorkloadException;
    }

    /** What came of it, for the summary. */
    public record Result(String destroyed, String approval, String bursting) {}

    /**
     * Does all of it.
     *
     * @throws WorkloadException if the broker answers otherwise than it should
     */
    public Result run() throws WorkloadException, LauncherException {
        doing.accept("keys are born in the token");
        String orders = keys.create("orders", "AES_256_GCM");
        String cards = keys.create("cards", "AES_256_GCM");
        String retired = keys.create("retired", "AES_256_GCM");
        String invoices = keys.create("invoices", "EC_P256");
        String contracts = keys.create("contracts", "EC_P384");
        String releases = keys.create("releases", "RSA_2048");
        String sessions = keys.create("sessions", "HMAC_SHA256");
        String webhooks = keys.create("webhooks", "HMAC_SHA256");

        doing.accept("encrypt, decrypt, sign, verify, mac, data keys, batches");
        side(100, i -> keys.encryptAndDecrypt(i, i % 2 == 0 ? orders : cards));
        side(
                60,
                i -> keys.signAndVerify(
                        i, List.of(invoices, contracts, releases).get(i % 3)));
        side(30, i -> keys.macAndVerify(i, i % 2 == 0 ? sessions : webhooks));
        side(30, i -> keys.dataKey(i, orders));
        side(5, i -> keys.encryptBatch(i, cards, 32));
        side(10, i -> keys.reWrap(i, orders));

        doing.accept("reads by auditors and administrators");
        side(10, i -> read("/v1/keys/" + orders));
        read("/v1/keys");
        read("/v1/inventory");

        doing.accept("rotation: old versions go on decrypting");
        String before = keys.encrypt(1, orders, Keys.base64("before"));
        keys.change(orders, "rotate");
        keys.change(invoices, "rotate");
        keys.decrypt(1, orders, before);
        side(10, i -> keys.encryptAndDecrypt(i, orders));

        doing.accept("what policy denies");
        refusals(orders, retired);
        String approval = approvedDestruction(retired);

        doing.accept("a burst of " + BURST + " decrypts on one key");
        String ciphertext = keys.encrypt(0, cards, Keys.base64("the same again and again"));
        side(BURST, i -> keys.decrypt(0, cards, ciphertext));
        return new Result(retired, approval, cards);
    }

    private void read(String path) throws WorkloadException {
        Keys.expect(200, broker.operate(callers.auditor(), "GET", path, null));
    }

    /** What is refused is on the record as well; what a stranger asks is not counted. */
    private void refusals(String active, String other) throws WorkloadException, LauncherException {
        keys.change(other, "disable");
        for (int i = 0; i < 3; i++) {
            Keys.expect(403, keys.use(i, other, "encrypt", Map.of("plaintext", Keys.base64("no"))));
        }
        keys.change(other, "enable");
        for (int i = 0; i < 4; i++) {
            // Wrong role: an application does not rotate, an administrator does not decrypt.
            Keys.expect(403, keys.use(i, active, "rotate", Map.of()));
        }
        Keys.expect(
                403,
                broker.operate(
                        callers.administrator(),
                        "POST",
                        "/v1/keys/" + active + ":encrypt",
                        Map.of("plaintext", Keys.base64("no"))));
        // Without approval nothing is destroyed.
        Keys.expect(403, broker.operate(callers.administrator(), "POST", "/v1/keys/" + active + ":destroy", Map.of()));

        Duration minute = Duration.ofMinutes(1);
        List<String> roles = List.of("application");
        Keys.expect(401, broker.call(null, "GET", "/v1/keys", null));
        Keys.expect(401, broker.call(identities.token("payments", roles, minute.negated()), "GET", "/v1/keys", null));
        Keys.expect(
                401,
                broker.call(identities.token("payments", roles, "somebody-else", minute), "GET", "/v1/keys", null));
    }

    private String approvedDestruction(String key) throws WorkloadException, LauncherException {
        doing.accept("a destruction that two of three custodians sign");
        BrokerClient.Answer request = Keys.expect(
                201,
                broker.call(
                        callers.administrator(),
                        "POST",
                        "/v1/approvals",
                        Map.of("operation", "DestroyKey", "key", key, "change", "CHG-2026-0042")));
        String approval = request.text("id");
        for (int i = 0; i < 2; i++) {
            String jws = identities.approve(Identities.APPROVERS.get(i), request.text("statement"));
            Keys.expect(
                    200,
                    broker.call(
                            callers.custodians().get(i),
                            "POST",
                            "/v1/approvals/" + approval + "/signatures",
                            Map.of("jws", jws)));
        }
        Map<String, String> approved = Map.of("approval", approval);
        String path = "/v1/keys/" + key + ":destroy";
        Keys.expect(200, broker.operate(callers.administrator(), "POST", path, approved));
        BrokerClient.Answer again = broker.operate(callers.administrator(), "POST", path, approved);
        if (again.status() < 400) {
            throw new WorkloadException("an approval was good twice");
        }
        return approval;
    }

    /** Does a step many times, some side by side. */
    private static void side(int times, Step step) throws WorkloadException {
        Semaphore room = new Semaphore(CALLERS_AT_ONCE);
        List<Future<?>> done = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < times; i++) {
                int number = i;
                Callable<Void> task = () -> {
                    room.acquire();
                    try {
                        step.run(number);
                        return null;
                    } finally {
                        room.release();
                    }
                };
                done.add(threads.submit(task));
            }
        }
        for (Future<?> one : done) {
            try {
                one.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof WorkloadException fault) {
                    throw fault;
                }
                throw new WorkloadException("the workload failed", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new WorkloadException("interrupted", e);
            }
        }
    }
}
