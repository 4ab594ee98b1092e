package dev.keyproof.stream;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;

/** A job that was handed to a cluster. Closing leaves its checkpoints in place. */
interface RunningJob extends AutoCloseable {
    JobID id();

    /** The cluster's REST. */
    URI rest();

    /** Completes when the job has ended, with why; a job without end ends only by failure or from outside. */
    CompletableFuture<String> ended();

    /** Lets go of the job. Never throws: what could not be done tidily is logged, and made good by the next start. */
    void stop();

    @Override
    default void close() {
        stop();
    }
}
