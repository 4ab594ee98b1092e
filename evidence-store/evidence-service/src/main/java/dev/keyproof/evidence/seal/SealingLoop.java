package dev.keyproof.evidence.seal;

import dev.keyproof.evidence.artifact.Artifacts;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.log.EntryRange;
import dev.keyproof.log.LogFullException;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.verify.LegalHold;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From Kafka into the log: read, decide, append entries and positions in one commit, publish copies of the findings of our own among
 * them. Partitions are assigned by hand and their positions stand in the log's commit file, so that nothing is sealed twice and nothing
 * is missed, whenever the process dies.
 */
public final class SealingLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SealingLoop.class);
    private static final List<String> TOPICS =
            List.of(Sealer.KEY_EVENTS, Sealer.FINDINGS, Sealer.QUARANTINE, Sealer.ATTESTATIONS);
    private static final Duration POLL = Duration.ofMillis(100);

    private static final long PAUSE_MS = 500;

    /** How long a stop waits for the commit under way. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Map<String, String> kafka;
    private final YearLogs logs;
    private final SealedState state;
    private final Artifacts artifacts;
    private final List<Path> journals;
    private final PolicyFiles policies;
    private final LogEvents events;
    private final OwnFindings findings;
    private final Keeping keeping;
    private final Clock clock;
    private final Consumer<Throwable> fatal;
    private final ConcurrentLinkedQueue<Own> own = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private final Map<String, Long> lag = new ConcurrentHashMap<>();
    private volatile boolean stopping;
    private volatile String trouble = "starting";

    /** Not started yet. {@code fatal} is called once if the log can take nothing more until the process is started again. */
    public SealingLoop(
            Map<String, String> kafka,
            YearLogs logs,
            SealedState state,
            Artifacts artifacts,
            List<Path> journals,
            PolicyFiles policies,
            LogEvents events,
            OwnFindings findings,
            Keeping keeping,
            Clock clock,
            Consumer<Throwable> fatal) {
        this.kafka = Map.copyOf(kafka);
        this.logs = logs;
        this.state = state;
        this.artifacts = artifacts;
        this.journals = List.copyOf(journals);
        this.policies = policies;
        this.events = events;
        this.findings = findings;
        this.keeping = keeping;
        this.clock = clock;
        this.fatal = fatal;
        this.thread = Thread.ofPlatform().name("sealing").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** What must not be forgotten with a year's log, and what must be announced before it ends. */
    public interface Keeping {
        /** The legal holds in force after all that is sealed. */
        List<LegalHold> holds() throws EvidenceException;

        /** Entries to be sealed now; each is given once. */
        List<byte[]> notices() throws EvidenceException;
    }

    /** An entry of our own that waits to be sealed. */
    private record Own(byte[] entry, Optional<Place> place, Waiting done) {}

    /** Told where an entry of our own was sealed, before anything else is. */
    @FunctionalInterface
    public interface Place {
        void sealed(int year, long index);
    }

    /** Seals an entry of our own; done when it is on disk. */
    public CompletableFuture<Void> seal(byte[] entry, Place place) {
        return wait(new Own(entry, Optional.of(place), new Waiting()));
    }

    /** Seals an entry of our own wherever it comes to stand, with others in one commit; one that is cancelled waits no more. */
    public CompletableFuture<Void> seal(byte[] entry) {
        return wait(new Own(entry, Optional.empty(), new Waiting()));
    }

    private CompletableFuture<Void> wait(Own waiting) {
        own.add(waiting);
        CompletableFuture<Void> _ = waiting.done.exceptionally(cancelled -> {
            own.remove(waiting);
            return null;
        });
        return waiting.done;
    }

    /** Empty while all is well, else one line. */
    public String trouble() {
        return trouble;
    }

    /** Records not read yet, by topic. */
    public Map<String, Long> lag() {
        return Map.copyOf(lag);
    }

    private void run() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        Clients.consumer(kafka), new ByteArrayDeserializer(), new ByteArrayDeserializer());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Clients.producer(kafka), new ByteArraySerializer(), new ByteArraySerializer())) {
            List<TopicPartition> partitions = partitions(consumer);
            Map<TopicPartition, Long> positions =
                    Positions.decode(logs.positions()).next();
            Batch batch = new Batch(state, positions);
            Sealer sealer = new Sealer(state, artifacts, new JournalKeys(journals), batch, clock, System::nanoTime);
            for (byte[] policy : policies.changed()) {
                sealer.policy(policy);
            }
            commit(batch, producer);
            publish(batch, producer);
            consumer.assign(partitions);
            for (TopicPartition partition : partitions) {
                Long position = positions.get(partition);
                if (position == null) {
                    consumer.seekToBeginning(List.of(partition));
                } else {
                    consumer.seek(partition, position);
                }
            }
            LOG.info("event=sealing partitions={} positions={}", partitions, positions);
            trouble = "";
            while (!stopping) {
                round(consumer, producer, sealer, batch);
            }
        } catch (InterruptException | WakeupException e) {
            LOG.info("event=sealing-stopped");
        } catch (EvidenceException | RuntimeException e) {
            if (!stopping) {
                trouble = String.valueOf(e.getMessage());
                fatal.accept(e);
            }
        }
    }

    private void round(
            KafkaConsumer<byte[], byte[]> consumer, KafkaProducer<byte[], byte[]> producer, Sealer sealer, Batch batch)
            throws EvidenceException {
        keepPolicies(sealer);
        Iterable<ConsumerRecord<byte[], byte[]>> records;
        try {
            records = consumer.poll(POLL);
        } catch (InterruptException | WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            if (trouble.isEmpty()) {
                LOG.warn("event=kafka-trouble reason=\"{}\"", e.getMessage());
            }
            trouble = "Kafka: " + e.getMessage();
            pause();
            own(batch, producer);
            return;
        }
        for (ConsumerRecord<byte[], byte[]> record : records) {
            sealer.take(record);
            if (batch.isFull()) {
                commit(batch, producer);
            }
        }
        while (!sealer.settle()) {
            commit(batch, producer);
        }
        for (var found = findings.next(); found.isPresent(); found = findings.next()) {
            batch.report(found.get(), System.nanoTime());
        }
        yearEnd(batch);
        for (byte[] notice : keeping.notices()) {
            batch.seal(notice, System.nanoTime());
        }
        commit(batch, producer);
        own(batch, producer);
        trouble = "";
        for (TopicPartition partition : consumer.assignment()) {
            lag.put(partition.topic(), consumer.currentLag(partition).orElse(0));
        }
    }

    private void own(Batch batch, KafkaProducer<byte[], byte[]> producer) throws EvidenceException {
        List<Own> together = new ArrayList<>();
        for (Own waiting = own.poll(); waiting != null; waiting = own.poll()) {
            if (!waiting.done.take()) {
                continue;
            }
            if (waiting.place.isPresent()) {
                commit(batch, producer, together);
            }
            batch.seal(waiting.entry, System.nanoTime());
            together.add(waiting);
            if (waiting.place.isPresent() || batch.isFull()) {
                commit(batch, producer, together);
            }
        }
        commit(batch, producer, together);
    }

    private void commit(Batch batch, KafkaProducer<byte[], byte[]> producer, List<Own> held) throws EvidenceException {
        commit(batch, producer);
        for (Own one : held) {
            if (one.place.isPresent()) {
                one.place.get().sealed(logs.year(), logs.current().size() - 1);
            }
            one.done.complete(null);
        }
        held.clear();
    }

    /** Before the records of this round, so that no decision is sealed whose policy is not kept. */
    private void keepPolicies(Sealer sealer) {
        try {
            for (byte[] policy : policies.changed()) {
                sealer.policy(policy);
                LOG.info("event=policy-kept");
            }
        } catch (EvidenceException e) {
            policies.again();
            LOG.warn("event=policy-not-kept reason=\"{}\"", e.getMessage());
        }
    }

    /** Once the last head of the year before is signed over all that it holds, it becomes an entry of this year. */
    private void yearEnd(Batch batch) throws EvidenceException {
        logs.current();
        Map.Entry<Integer, SealedLog> before = logs.before(logs.year());
        if (before == null || state.hasEvent(LogEvents.yearEndUid(logs.origin(before.getKey())))) {
            return;
        }
        Optional<SignedHead> last = before.getValue().lastHead();
        if (last.isPresent() && last.get().size() == before.getValue().size()) {
            for (byte[] entry : events.yearEnd(last.get(), keeping.holds())) {
                batch.seal(entry, System.nanoTime());
            }
        }
    }

    /** Findings of our own are published after they are sealed; how many may not be yet stands beside the positions. */
    private void commit(Batch batch, KafkaProducer<byte[], byte[]> producer) throws EvidenceException {
        if (batch.isEmpty()) {
            return;
        }
        byte[] positions = new Positions(batch.positions(), state.owed().size()).encode();
        try {
            while (!stopping) {
                try {
                    int year = logs.year();
                    EntryRange sealed =
                            logs.of(year).append(batch.entries(), positions).get();
                    state.supports().sealed(year, sealed.from(), batch.entries());
                    batch.clear();
                    publish(batch, producer);
                    return;
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof LogFullException)) {
                        throw e;
                    }
                    trouble = "the disk is full: " + e.getCause().getMessage();
                    pause();
                }
            }
            throw new WakeupException();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new EvidenceException("nothing can be sealed: " + e.getCause(), e);
        }
    }

    private void publish(Batch batch, KafkaProducer<byte[], byte[]> producer) {
        for (byte[] finding = state.owed().peek();
                finding != null;
                finding = state.owed().peek()) {
            publish(finding, producer);
            state.owed().remove();
            batch.paid();
        }
    }

    private void publish(byte[] finding, KafkaProducer<byte[], byte[]> producer) {
        LOG.warn("event=finding-of-our-own bytes={}", finding.length);
        while (!stopping) {
            try {
                producer.send(new ProducerRecord<>(Sealer.FINDINGS, null, finding))
                        .get();
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptException(e);
            } catch (ExecutionException e) {
                trouble = "a finding cannot be published: " + e.getCause();
                pause();
            }
        }
        throw new WakeupException();
    }

    private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : TOPICS) {
            List<PartitionInfo> infos = List.of();
            while (infos.isEmpty()) {
                if (stopping) {
                    throw new WakeupException();
                }
                try {
                    infos = consumer.partitionsFor(topic, Duration.ofSeconds(2));
                } catch (InterruptException e) {
                    throw e;
                } catch (KafkaException e) {
                    trouble = "Kafka: " + e.getMessage();
                }
                if (infos.isEmpty()) {
                    trouble = "the topic " + topic + " is not there";
                    pause();
                }
            }
            infos.forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
        }
        return partitions;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        stopping = true;
        try {
            // Interrupted in the midst of a commit it would stop as after a crash: sound, but noisy.
            if (thread.isAlive() && !thread.join(PATIENCE)) {
                thread.interrupt();
                thread.join(PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
