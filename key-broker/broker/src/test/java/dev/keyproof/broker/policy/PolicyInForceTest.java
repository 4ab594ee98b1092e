package dev.keyproof.broker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.keyproof.policy.BundleTrust;
import dev.keyproof.policy.EffectivePolicy;
import dev.keyproof.policy.Overlay;
import dev.keyproof.policy.PolicyBundle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another policy comes into the place of the one in force. */
class PolicyInForceTest {
    private static final int CALLS = 5_000;

    @TempDir
    private Path dir;

    private Path put(String overlay) throws Exception {
        byte[] json = overlay.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return Files.write(
                dir.resolve("bundle.tar.gz"),
                EffectivePolicy.of(PolicyBundle.builtIn(), List.of(Overlay.of("own.json", json)))
                        .bundle()
                        .bytes());
    }

    private static int decide(PolicyInForce policy) {
        int decided = 0;
        for (int i = 0; i < CALLS; i++) {
            JsonNode input = JsonNodeFactory.instance.objectNode().put("operation", "Encrypt" + i);
            String reason = policy.authorise(input).reasons().getFirst();
            decided += reason.equals("error") || reason.equals("undefined") ? 0 : 1;
        }
        return decided;
    }

    /** The load is held up until two callers had thousands of decisions: if a decision waited for it, this would never end. */
    @Test
    void noDecisionWaitsForTheLoad() throws Exception {
        Path bundle = put("{}");
        AtomicBoolean held = new AtomicBoolean();
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        PolicySource source = new PolicySource(bundle, BundleTrust.of(null, null, true), parameters -> {
            if (held.get()) {
                loading.countDown();
                await(goOn);
            }
        });
        PolicyInForce policy = PolicyInForce.of(source);
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            String before = policy.dataDigest();
            held.set(true);
            put("{'destruction':{'minimumDays':9}}");
            CompletableFuture<Optional<PolicyInForce.Renewed>> renewing =
                    CompletableFuture.supplyAsync(policy::renew, threads);
            await(loading);

            List<CompletableFuture<Integer>> callers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                callers.add(CompletableFuture.supplyAsync(() -> decide(policy), threads));
            }

            for (CompletableFuture<Integer> caller : callers) {
                assertThat(caller.get(60, TimeUnit.SECONDS)).isEqualTo(CALLS);
            }
            assertThat(renewing).isNotDone();
            assertThat(policy.dataDigest()).isEqualTo(before);
            goOn.countDown();
            assertThat(renewing.get(60, TimeUnit.SECONDS)).isPresent();
            assertThat(policy.dataDigest()).isNotEqualTo(before);
            assertThat(policy.parameters().at("/destruction/minimumDays").asInt())
                    .isEqualTo(9);
            assertThat(policy.renew()).isEmpty();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
