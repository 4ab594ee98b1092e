package dev.keyproof.panels;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.opensearch.client.transport.OpenSearchTransport;

/** The indexer with all that it holds open. */
record IndexerParts(Indexer indexer, OpenSearchTransport transport, IndexerHealth health) implements AutoCloseable {

    static IndexerParts open(IndexerConfig config) throws IOException {
        IndexerHealth health = new IndexerHealth(config.http().port());
        OpenSearchTransport transport = SearchTransport.open(
                config.opensearch().url(),
                config.opensearch().username(),
                config.opensearch().passwordFile());
        Map<String, Object> properties = new HashMap<>(config.kafka());
        properties.putIfAbsent(ConsumerConfig.GROUP_ID_CONFIG, "indexer");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1000);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        SearchStore store = new SearchStore(SearchTransport.generic(transport));
        return new IndexerParts(new Indexer(consumer, store, health), transport, health);
    }

    @Override
    public void close() throws IOException {
        indexer.close();
        health.close();
        transport.close();
    }
}
