package dev.keyproof.panels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.panels.IndexerConfig.InvalidConfigException;
import dev.keyproof.panels.SearchStore.Document;
import dev.keyproof.panels.SearchStore.Rejected;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the indices from the topics. A batch is written before its position is kept, and a document's id is the event's own, so a
 * crash between the two writes the same documents again, not others.
 */
public final class Indexer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Indexer.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final SearchStore store;
    private final IndexerHealth health;
    private final ObjectMapper mapper = new ObjectMapper();
    private volatile boolean stopping;

    Indexer(KafkaConsumer<byte[], byte[]> consumer, SearchStore store, IndexerHealth health) {
        this.consumer = consumer;
        this.store = store;
        this.health = health;
    }

    /** Runs until it is told to stop; the only argument is the configuration file. */
    public static void main(String[] args) {
        if (args.length != 1) {
            System.err.println("usage: Indexer CONFIG.yaml");
            System.exit(2);
        }
        IndexerConfig config;
        try {
            config = IndexerConfig.read(Path.of(args[0]));
        } catch (InvalidConfigException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        try (IndexerParts parts = IndexerParts.open(config)) {
            Thread runner = Thread.currentThread();
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
                        parts.indexer().stop();
                        try {
                            runner.join(Duration.ofSeconds(8));
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }));
            parts.indexer().run();
        } catch (IOException e) {
            System.err.println("indexer cannot start: " + e.getMessage());
            System.exit(1);
        }
    }

    void run() {
        List<TopicPartition> partitions = Arrays.stream(SearchIndex.values())
                .flatMap(index -> consumer.partitionsFor(index.topic()).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        try {
            retrying("prepare indices", () -> {
                store.prepare();
                return List.of();
            });
            while (!stopping) {
                step();
            }
        } catch (WakeupException e) {
            LOG.info("event=stopping");
        }
    }

    private void step() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        if (!records.isEmpty()) {
            List<Document> documents = documents(records);
            for (Rejected rejected : retrying("write", () -> store.write(documents))) {
                health.rejected();
                LOG.warn(
                        "event=rejected index={} id={} reason={}",
                        rejected.document().index().alias(),
                        rejected.document().id(),
                        rejected.reason());
            }
            Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
            for (TopicPartition partition : records.partitions()) {
                positions.put(partition, new OffsetAndMetadata(consumer.position(partition)));
            }
            consumer.commitSync(positions);
            health.indexed(documents.size());
        }
        long lag = 0;
        for (TopicPartition partition : consumer.assignment()) {
            lag += consumer.currentLag(partition).orElse(0);
        }
        health.lag(lag);
    }

    private List<Document> documents(ConsumerRecords<byte[], byte[]> records) {
        List<Document> documents = new ArrayList<>(records.count());
        for (ConsumerRecord<byte[], byte[]> message : records) {
            SearchIndex index = SearchIndex.ofTopic(message.topic());
            try {
                JsonNode id = mapper.readTree(message.value()).at(index.idPointer());
                if (id.isTextual() && !id.textValue().isEmpty()) {
                    documents.add(new Document(index, id.textValue(), message.value()));
                    continue;
                }
            } catch (IOException e) {
                LOG.debug("event=not-json topic={} offset={}", message.topic(), message.offset());
            }
            // The log holds it; only the search does not.
            health.rejected();
            LOG.warn("event=rejected topic={} offset={} reason=no-id", message.topic(), message.offset());
        }
        return documents;
    }

    private List<Rejected> retrying(String step, Attempt attempt) {
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                List<Rejected> rejected = attempt.run();
                health.reachable(true);
                return rejected;
            } catch (IOException e) {
                health.reachable(false);
                LOG.warn("event=retry step={} reason=\"{}\" pause_ms={}", step, e.getMessage(), pause.toMillis());
                if (stopping) {
                    throw new WakeupException();
                }
                pause(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    private static void pause(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WakeupException();
        }
    }

    /** Ends {@link #run} soon; may be called from any thread. */
    void stop() {
        stopping = true;
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close();
    }

    @FunctionalInterface
    private interface Attempt {
        List<Rejected> run() throws IOException;
    }
}
