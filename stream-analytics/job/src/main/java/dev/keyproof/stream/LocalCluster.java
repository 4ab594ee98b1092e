package dev.keyproof.stream;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cluster inside this process with the one job in it. */
final class LocalCluster implements RunningJob {
    private static final Logger LOG = LoggerFactory.getLogger(LocalCluster.class);
    private static final long STOP_SECONDS = 6;

    private final MiniCluster cluster;
    private final JobID id;
    private final URI rest;

    private final AtomicBoolean stopping = new AtomicBoolean();

    private LocalCluster(MiniCluster cluster, JobID id, URI rest) {
        this.cluster = cluster;
        this.id = id;
        this.rest = rest;
    }

    /** Adds a job's graph to an environment. */
    interface Graph {
        void build(StreamExecutionEnvironment env);
    }

    /**
     * Starts the cluster and the job.
     *
     * @param job settings of the job
     * @param local settings of the cluster
     * @throws Exception as Flink does, for a port that is taken for instance
     */
    static LocalCluster start(Graph topology, Configuration job, Configuration local) throws Exception {
        Configuration all = new Configuration(local);
        all.addAll(job);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(all);
        topology.build(env);
        JobGraph graph = env.getStreamGraph().getJobGraph();
        graph.setSavepointRestoreSettings(SavepointRestoreSettings.fromConfiguration(all));
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(all)
                .setNumTaskManagers(1)
                .build());
        try {
            cluster.start();
            cluster.submitJob(graph).get();
            return new LocalCluster(
                    cluster, graph.getJobID(), cluster.getRestAddress().get());
        } catch (Exception e) {
            cluster.closeAsync().join();
            throw e;
        }
    }

    @Override
    public JobID id() {
        return id;
    }

    @Override
    public URI rest() {
        return rest;
    }

    @Override
    public CompletableFuture<String> ended() {
        return cluster.requestJobResult(id)
                .thenApply(result -> result.getApplicationStatus()
                        + result.getSerializedThrowable()
                                .map(cause -> ": " + cause)
                                .orElse(""));
    }

    /** Cancels the job, so that its open transactions are given up and hold up no reader, and stops the cluster. */
    @Override
    public void stop() {
        if (!stopping.compareAndSet(false, true)) {
            return;
        }
        try {
            try {
                cluster.cancelJob(id).thenCompose(ack -> ended()).get(STOP_SECONDS, TimeUnit.SECONDS);
            } finally {
                cluster.closeAsync().get(STOP_SECONDS / 2, TimeUnit.SECONDS);
            }
            LOG.info("stopped job={}", id);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("stopped untidily job={} why={}", id, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
