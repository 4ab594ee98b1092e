package dev.keyproof.collector.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker of one node, on free loopback ports, with transactions: in this process, or in one of its own that can be killed.
 * It can be stopped and started again on the same data and the same port. Not thread-safe.
 */
public final class KafkaServer implements AutoCloseable {
    private static final String PROPERTIES = "server.properties";

    private final Path dir;
    private final int port;
    private final int controllerPort;
    private final boolean apart;
    private @Nullable KafkaRaftServer server;
    private @Nullable Process process;

    private KafkaServer(Path dir, int port, int controllerPort, boolean apart) {
        this.dir = dir;
        this.port = port;
        this.controllerPort = controllerPort;
        this.apart = apart;
    }

    /** A broker that runs in this process, its data under the directory, which is empty or absent. */
    public static KafkaServer start(Path dir) throws IOException {
        return start(dir, false);
    }

    /** A broker that runs in a process of its own. */
    public static KafkaServer apart(Path dir) throws IOException {
        return start(dir, true);
    }

    private static KafkaServer start(Path dir, boolean apart) throws IOException {
        List<Integer> ports = freePorts(2);
        Files.createDirectories(dir);
        KafkaServer kafka = new KafkaServer(dir, ports.get(0), ports.get(1), apart);
        kafka.format();
        kafka.start();
        return kafka;
    }

    /** The broker whose properties are in this file, until the process ends. */
    public static void main(String[] args) throws IOException {
        Properties properties = new Properties();
        try (var in = Files.newBufferedReader(Path.of(args[0]))) {
            properties.load(in);
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
        server.startup();
        server.awaitShutdown();
    }

    /** What a client puts into {@code bootstrap.servers}. */
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** What the {@code kafka:} map of a part's configuration holds. */
    public Map<String, String> clientConfig() {
        return Map.of("bootstrap.servers", bootstrap());
    }

    /** Makes topics of one partition. */
    public void createTopics(String... names) {
        try (Admin admin = Admin.create(new HashMap<>(clientConfig()))) {
            admin.createTopics(Stream.of(names)
                            .map(name -> new NewTopic(name, 1, (short) 1))
                            .toList())
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("topics not made", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Every committed record of a topic's only partition, from its start to its present end. */
    public List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
        Map<String, Object> config = new HashMap<>(clientConfig());
        config.put("isolation.level", "read_committed");
        config.put("default.api.timeout.ms", "10000");
        TopicPartition partition = new TopicPartition(topic, 0);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    /** Sends records to a topic, in order and acknowledged; a null key sends none. */
    public void send(String topic, @Nullable String key, List<byte[]> values) {
        Map<String, Object> config = new HashMap<>(clientConfig());
        config.put("acks", "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
            List<Future<?>> sent = new ArrayList<>();
            values.forEach(value -> sent.add(producer.send(new ProducerRecord<>(topic, keyBytes, value))));
            for (Future<?> future : sent) {
                future.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a record was not taken", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Takes the broker away; its data and its port stay. One apart is killed, as SIGKILL does. */
    public void stop() {
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
        if (process != null) {
            try {
                process.destroyForcibly().waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            process = null;
        }
    }

    /** Brings the broker back after {@link #stop}. */
    public void start() {
        if (apart && process == null) {
            process = spawn();
        } else if (!apart && server == null) {
            server = new KafkaRaftServer(new KafkaConfig(properties()), Time.SYSTEM);
            server.startup();
        }
    }

    /** Not waited for: its clients do that. */
    private Process spawn() {
        try {
            return new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-Xmx384m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            KafkaServer.class.getName(),
                            dir.resolve(PROPERTIES).toString())
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(dir.resolve("out").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
    }

    private void format() throws IOException {
        Path file = dir.resolve(PROPERTIES);
        try (var out = Files.newBufferedWriter(file)) {
            properties().store(out, null);
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int exit = StorageTool.execute(
                new String[] {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()},
                new PrintStream(said, true, StandardCharsets.UTF_8));
        if (exit != 0) {
            throw new IOException("Kafka's storage was not formatted: " + said.toString(StandardCharsets.UTF_8));
        }
    }

    private Properties properties() {
        Properties p = new Properties();
        p.putAll(Map.of(
                "process.roles", "broker,controller",
                "node.id", "1",
                "controller.quorum.voters", "1@127.0.0.1:" + controllerPort,
                "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "advertised.listeners", "PLAINTEXT://127.0.0.1:" + port,
                "controller.listener.names", "CONTROLLER",
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "log.dirs", dir.resolve("data").toString(),
                "auto.create.topics.enable", "false"));
        p.putAll(Map.of(
                "offsets.topic.replication.factor", "1",
                "offsets.topic.num.partitions", "1",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.num.partitions", "1",
                "transaction.state.log.min.isr", "1",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1",
                "group.initial.rebalance.delay.ms", "0",
                "log.cleaner.dedupe.buffer.size", "2097152"));
        // After a kill the broker is let in again when the session of the one before has ended.
        p.putAll(Map.of("broker.session.timeout.ms", "3000", "broker.heartbeat.interval.ms", "500"));
        return p;
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }
}
