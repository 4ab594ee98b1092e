package dev.keyproof.launcher.parts;

import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.home.Secrets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** Reaches Kafka as its administrator: topics, rights, and whether it answers. */
public final class KafkaAccess {
    private static final int PATIENCE_S = 30;
    private static final String YEAR_MS = Long.toString(TimeUnit.DAYS.toMillis(366));

    private final int port;
    private final Secrets secrets;

    public KafkaAccess(int port, Secrets secrets) {
        this.port = port;
        this.secrets = secrets;
    }

    /**
     * How a client of that user reaches Kafka.
     *
     * @throws LauncherException if the user's password cannot be read
     */
    public Map<String, String> client(String user) throws LauncherException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("bootstrap.servers", "127.0.0.1:" + port);
        settings.put("security.protocol", "SASL_PLAINTEXT");
        settings.put("sasl.mechanism", "PLAIN");
        settings.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                        + secrets.value(KafkaUser.passwordFile(user)) + "\";");
        return settings;
    }

    /** Whether the broker answers its administrator. */
    Health health() {
        try (Admin admin = admin(2_000)) {
            int nodes = admin.describeCluster().nodes().get(2, TimeUnit.SECONDS).size();
            return Health.up(nodes + " node");
        } catch (ExecutionException | TimeoutException | LauncherException e) {
            return Health.down("no answer at 127.0.0.1:" + port);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Health.down("interrupted");
        }
    }

    /**
     * Makes the topics and rights that are not there yet.
     *
     * @throws LauncherException if Kafka refuses
     */
    void settle() throws LauncherException {
        try (Admin admin = admin(PATIENCE_S * 1000)) {
            Set<String> there = admin.listTopics().names().get(PATIENCE_S, TimeUnit.SECONDS);
            List<NewTopic> missing = new ArrayList<>();
            for (String topic : KafkaUser.TOPICS) {
                missing.add(new NewTopic(topic, 1, (short) 1)
                        .configs(Map.of("retention.ms", YEAR_MS, "max.message.bytes", "16777216")));
            }
            missing.add(new NewTopic(KafkaUser.POSITIONS, 1, (short) 1).configs(Map.of("cleanup.policy", "compact")));
            missing.removeIf(topic -> there.contains(topic.name()));
            admin.createTopics(missing).all().get(PATIENCE_S, TimeUnit.SECONDS);
            admin.createAcls(rights()).all().get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw LauncherException.because("Kafka does not take its topics and users' rights", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted while Kafka got its topics", e);
        }
    }

    private Admin admin(int patienceMs) throws LauncherException {
        Map<String, Object> settings = new LinkedHashMap<>(client(KafkaUser.ADMIN));
        settings.put("request.timeout.ms", patienceMs);
        settings.put("default.api.timeout.ms", patienceMs);
        return Admin.create(settings);
    }

    private static List<AclBinding> rights() {
        List<AclBinding> rights = new ArrayList<>();
        for (KafkaUser user : KafkaUser.PARTS) {
            for (String topic : user.reads()) {
                rights.add(allow(user, ResourceType.TOPIC, topic, PatternType.LITERAL, AclOperation.READ));
                rights.add(allow(user, ResourceType.TOPIC, topic, PatternType.LITERAL, AclOperation.DESCRIBE));
            }
            rights.add(allow(user, ResourceType.GROUP, user.name(), PatternType.PREFIXED, AclOperation.ALL));
            if (!user.writes().isEmpty()) {
                for (String topic : user.writes()) {
                    rights.add(allow(user, ResourceType.TOPIC, topic, PatternType.LITERAL, AclOperation.WRITE));
                    rights.add(allow(user, ResourceType.TOPIC, topic, PatternType.LITERAL, AclOperation.DESCRIBE));
                }
                rights.add(allow(
                        user, ResourceType.TRANSACTIONAL_ID, user.name(), PatternType.PREFIXED, AclOperation.ALL));
                rights.add(allow(
                        user,
                        ResourceType.CLUSTER,
                        "kafka-cluster",
                        PatternType.LITERAL,
                        AclOperation.IDEMPOTENT_WRITE));
            }
        }
        return rights;
    }

    private static AclBinding allow(
            KafkaUser user, ResourceType type, String name, PatternType pattern, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry("User:" + user.name(), "127.0.0.1", operation, AclPermissionType.ALLOW));
    }
}
