package dev.keyproof.stream;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job on a session cluster that stands. It outlives this process, which finds it again by its name. */
final class RemoteCluster implements RunningJob {
    private final RestClusterClient<String> client;
    private final JobID id;
    private final URI rest;

    private RemoteCluster(RestClusterClient<String> client, JobID id, URI rest) {
        this.client = client;
        this.id = id;
        this.rest = rest;
    }

    /** A way to the job's settings that is only taken where the job does not run yet. */
    interface Settings {
        Configuration job() throws Exception;
    }

    /**
     * Submits the job, or finds the one that runs.
     *
     * @param address host and port of the job manager's REST
     * @param jar the job with what it needs, where the cluster does not have it on its class path
     */
    static RemoteCluster start(Topology topology, Settings settings, HostPort address, Optional<Path> jar)
            throws Exception {
        Configuration to = new Configuration();
        to.set(RestOptions.ADDRESS, address.host());
        to.set(RestOptions.PORT, address.port());
        URI rest = new URI("http", null, address.host(), address.port(), null, null, null);
        RestClusterClient<String> client = new RestClusterClient<>(to, address.toString());
        try {
            for (JobStatusMessage job : client.listJobs().get()) {
                if (job.getJobName().equals(Topology.JOB) && !job.getJobState().isGloballyTerminalState()) {
                    return new RemoteCluster(client, job.getJobId(), rest);
                }
            }
            to.addAll(settings.job());
            to.set(DeploymentOptions.TARGET, "remote");
            to.set(DeploymentOptions.ATTACHED, false);
            jar.ifPresent(
                    path -> to.set(PipelineOptions.JARS, List.of(path.toUri().toString())));
            StreamExecutionEnvironment env = new StreamExecutionEnvironment(to);
            topology.build(env);
            return new RemoteCluster(client, env.executeAsync(Topology.JOB).getJobID(), rest);
        } catch (Exception e) {
            client.close();
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
        return client.requestJobResult(id)
                .thenApply(result -> result.getApplicationStatus()
                        + result.getSerializedThrowable()
                                .map(cause -> ": " + cause)
                                .orElse(""));
    }

    @Override
    public void stop() {
        client.close();
    }
}
