package dev.keyproof.collector.publish;

import dev.keyproof.collector.source.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics that the collector needs; made where they are missing, of one partition each, so that order is one order. */
final class Topics {
    /** Compacted: the last position of each source. */
    static final String POSITIONS = "collector-positions";

    private Topics() {}

    static void ensure(Admin admin) throws ExecutionException, InterruptedException {
        Set<String> present = admin.listTopics().names().get();
        List<NewTopic> missing = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            if (!present.contains(topic.topic())) {
                missing.add(new NewTopic(topic.topic(), Optional.of(1), Optional.empty()));
            }
        }
        if (!present.contains(POSITIONS)) {
            missing.add(new NewTopic(POSITIONS, Optional.of(1), Optional.empty())
                    .configs(Map.of("cleanup.policy", "compact")));
        }
        if (missing.isEmpty()) {
            return;
        }
        try {
            admin.createTopics(missing).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }
}
