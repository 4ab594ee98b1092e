package dev.keyproof.launcher.parts;

import dev.keyproof.launcher.home.Home;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.home.Secrets;
import dev.keyproof.launcher.process.Command;
import dev.keyproof.launcher.process.Spawner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Kafka in KRaft mode, one node: broker and controller in one process, everybody named by a password, rights for each. */
public final class KafkaPart implements Part {
    private static final String MODULE = "launcher/runtimes/kafka";
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required";

    private final Home home;
    private final Checkout checkout;
    private final Secrets secrets;
    private final Spawner spawner;
    private final int port;
    private final int controllerPort;
    private final int heapMib;
    private final KafkaAccess access;

    public KafkaPart(
            Home home, Checkout checkout, Secrets secrets, Spawner spawner, int port, int controllerPort, int heapMib) {
        this.home = home;
        this.checkout = checkout;
        this.secrets = secrets;
        this.spawner = spawner;
        this.port = port;
        this.controllerPort = controllerPort;
        this.heapMib = heapMib;
        this.access = new KafkaAccess(port, secrets);
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public Map<String, Integer> ports() {
        return Map.of("kafka", port, "kafka-controller", controllerPort);
    }

    @Override
    public Set<String> after() {
        return Set.of();
    }

    @Override
    public void prepare() throws LauncherException {
        try {
            Secrets.writePrivate(properties(), settings());
            Secrets.writePrivate(logging(), LOGGING);
            if (Files.notExists(home.kafka().resolve("data/meta.properties"))) {
                spawner.run(
                        java(List.of(
                                "kafka.tools.StorageTool",
                                "format",
                                "--cluster-id",
                                clusterId(),
                                "--config",
                                properties().toString())),
                        "",
                        Duration.ofSeconds(60));
            }
        } catch (IOException e) {
            throw LauncherException.because("cannot prepare Kafka in " + home.kafka(), e);
        }
    }

    @Override
    public Command command() throws LauncherException {
        return java(List.of("kafka.Kafka", properties().toString()));
    }

    @Override
    public Health health() {
        return access.health();
    }

    @Override
    public void settle() throws LauncherException {
        access.settle();
    }

    @Override
    public Duration stopsWithin() {
        return Duration.ofSeconds(25);
    }

    private Command java(List<String> arguments) throws LauncherException {
        List<String> flags = List.of(
                "-XX:TieredStopAtLevel=1",
                "-Dlog4j2.configurationFile=" + logging(),
                "-Dkafka.logs.dir=" + home.kafka());
        return new Command(
                Stream.concat(
                                JavaFlags.java(checkout.java(), heapMib, flags, checkout.dependencies(MODULE)).stream(),
                                arguments.stream())
                        .toList(),
                Map.of(),
                home.kafka());
    }

    private Path properties() {
        return home.kafka().resolve("server.properties");
    }

    private Path logging() {
        return home.kafka().resolve("log4j2.properties");
    }

    private static String clusterId() {
        UUID id = UUID.randomUUID();
        ByteBuffer bytes =
                ByteBuffer.allocate(16).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    private String settings() throws LauncherException {
        String admin = secrets.value(KafkaUser.passwordFile(KafkaUser.ADMIN));
        StringBuilder users = new StringBuilder();
        for (KafkaUser user : KafkaUser.PARTS) {
            users.append(" user_").append(user.name()).append("=\"");
            users.append(secrets.value(KafkaUser.passwordFile(user.name()))).append('"');
        }
        String login = PLAIN + " username=\"admin\" password=\"" + admin + "\" user_admin=\"" + admin + "\"";
        return Stream.of(
                        "process.roles=broker,controller",
                        "node.id=1",
                        "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                        "listeners=CLIENT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                        "advertised.listeners=CLIENT://127.0.0.1:" + port,
                        "listener.security.protocol.map=CLIENT:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT",
                        "inter.broker.listener.name=CLIENT",
                        "controller.listener.names=CONTROLLER",
                        "sasl.enabled.mechanisms=PLAIN",
                        "sasl.mechanism.inter.broker.protocol=PLAIN",
                        "sasl.mechanism.controller.protocol=PLAIN",
                        "listener.name.client.plain.sasl.jaas.config=" + login + users + ";",
                        "listener.name.controller.sasl.enabled.mechanisms=PLAIN",
                        "listener.name.controller.plain.sasl.jaas.config=" + login + ";",
                        "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "super.users=User:admin",
                        "allow.everyone.if.no.acl.found=false",
                        "auto.create.topics.enable=false",
                        "log.dirs=" + home.kafka().resolve("data"),
                        "num.partitions=1",
                        "offsets.topic.num.partitions=1",
                        "offsets.topic.replication.factor=1",
                        "transaction.state.log.num.partitions=1",
                        "transaction.state.log.replication.factor=1",
                        "transaction.state.log.min.isr=1",
                        "share.coordinator.state.topic.num.partitions=1",
                        "share.coordinator.state.topic.replication.factor=1",
                        "share.coordinator.state.topic.min.isr=1",
                        "group.initial.rebalance.delay.ms=0",
                        // Exactly-once results become visible only when their transaction ends: fifteen minutes bound
                        // it.
                        "transaction.max.timeout.ms=900000",
                        "message.max.bytes=16777216",
                        "replica.fetch.max.bytes=16777216",
                        "log.cleaner.dedupe.buffer.size=4194304",
                        "log.segment.bytes=67108864",
                        "num.network.threads=2",
                        "num.io.threads=2",
                        "background.threads=2",
                        "controlled.shutdown.enable=true")
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static final String LOGGING = """
            status = error
            appender.out.type = Console
            appender.out.name = out
            appender.out.layout.type = PatternLayout
            appender.out.layout.pattern = time=%d{ISO8601}{UTC}Z level=%p logger=%c{1} %m%n
            rootLogger.level = warn
            rootLogger.appenderRef.out.ref = out
            logger.kafka.name = kafka.server
            logger.kafka.level = info
            logger.config.name = kafka.server.KafkaConfig
            logger.config.level = warn
            logger.authorizer.name = kafka.authorizer.logger
            logger.authorizer.level = info
            """;
}
