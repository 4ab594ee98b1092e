package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code kill -9} amid state changes, several times on one home: nothing acknowledged is lost, nothing is there twice. */
@Tag("server")
class CrashTest {
    private static final int ROUNDS = 3;
    private static final int CALLERS = 4;
    private static final List<String> CHANGES = List.of("rotate", "disable", "enable", "destroy");

    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final Map<String, JsonNode> states = new HashMap<>();

    @Test
    void whatWasAnsweredIsOnTheRecordOnce() throws Exception {
        try (TestHome home = TestHome.create()) {
            String admin = home.token("root", "administrator");
            for (int round = 0; round < ROUNDS; round++) {
                try (BrokerProcess broker = home.start()) {
                    examine(home, broker, admin);
                    disturb(home, broker, admin, 1500 + 700 * round);
                }
            }
            try (BrokerProcess broker = home.start()) {
                examine(home, broker, admin);
            }
            assertThat(acknowledged).hasSizeGreaterThan(20);
        }
    }

    private void disturb(TestHome home, BrokerProcess broker, String admin, int millis) throws Exception {
        AtomicBoolean going = new AtomicBoolean(true);
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(Thread.startVirtualThread(() -> call(home, broker, admin, going)));
        }
        TimeUnit.MILLISECONDS.sleep(millis);
        broker.kill();
        going.set(false);
        for (Thread caller : callers) {
            caller.join();
        }
    }

    private void call(TestHome home, BrokerProcess broker, String admin, AtomicBoolean going) {
        List<String> keys = new ArrayList<>();
        try {
            String app = home.token("payments", "application");
            while (going.get()) {
                int dice = ThreadLocalRandom.current().nextInt(8);
                Reply reply;
                if (keys.isEmpty() || dice == 0) {
                    reply = broker.post("/v1/keys", admin, "{'name':'k','algorithm':'EC_P256'}");
                    if (reply.status() == 201) {
                        keys.add(reply.body().path("id").asText());
                    }
                } else {
                    String key = keys.get(ThreadLocalRandom.current().nextInt(keys.size()));
                    reply = dice < 4
                            ? broker.post("/v1/keys/" + key + ":sign", app, "{'message':'aGVsbG8='}")
                            : broker.post("/v1/keys/" + key + ":" + CHANGES.get(dice % 4), admin, "{}");
                }
                reply.record().ifPresent(acknowledged::add);
            }
        } catch (IOException killed) {
            // The call that the kill cut off was not answered.
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void examine(TestHome home, BrokerProcess broker, String admin) throws Exception {
        Records records = Records.of(home.journal());
        Set<String> uids = new HashSet<>();
        Map<String, JsonNode> intents = new HashMap<>();
        for (JsonNode event : records.events()) {
            JsonNode keyproof = Records.keyproof(event);
            String uid = event.path("metadata").path("uid").asText();
            assertThat(uids.add(uid)).isTrue();
            if (Records.kind(event).equals("intent")) {
                intents.put(uid, event);
            } else if (keyproof.has("intent")) {
                assertThat(intents.remove(keyproof.path("intent").asText()))
                        .as("an outcome of no intent, or a second one: %s", event)
                        .isNotNull();
            }
            JsonNode resource = event.path("resources").path(0);
            if (resource.has("data")) {
                states.put(resource.path("uid").asText(), resource.path("data"));
            }
        }
        assertThat(intents).as("open intents").isEmpty();
        for (String record : acknowledged) {
            assertThat(Records.kind(records.at(record))).isEqualTo("operation");
        }
        Map<String, JsonNode> held = new HashMap<>();
        broker.get("/v1/keys", admin)
                .body()
                .path("keys")
                .forEach(key -> held.put(key.path("id").asText(), key));
        assertThat(held).isEqualTo(states);
        String app = home.token("payments", "application");
        for (JsonNode key : held.values()) {
            if (key.path("state").asText().equals("active")) {
                assertThat(broker.post("/v1/keys/" + key.path("id").asText() + ":sign", app, "{'message':'aGVsbG8='}")
                                .status())
                        .isEqualTo(200);
            }
        }
    }
}
