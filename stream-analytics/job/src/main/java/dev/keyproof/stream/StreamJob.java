package dev.keyproof.stream;

import dev.keyproof.policy.BundleTrust;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.stream.compliance.BundleRules;
import dev.keyproof.stream.compliance.Rules;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.client.program.StreamContextEnvironment;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the job: in a cluster of its own, on a session cluster ({@code --jobmanager}), or as what {@code flink run} calls.
 *
 * <p>Exit codes: 0 stopped, 1 the job ended by itself, 2 wrong usage or settings.
 */
public final class StreamJob {
    private static final Logger LOG = LoggerFactory.getLogger(StreamJob.class);
    private static final String USAGE =
            "usage: StreamJob --config FILE [--jobmanager HOST:PORT [--jar JOB_WITH_DEPENDENCIES.jar]]";
    private static final int ENDED = 1;
    private static final int WRONG = 2;

    private final StreamConfig config;
    private final Topology topology;

    StreamJob(StreamConfig config, Rules.Source rules) {
        this.config = config;
        this.topology = new Topology(config, rules);
    }

    public static void main(String[] args) throws Exception {
        @Nullable Arguments arguments = Arguments.parse(args, System.err);
        if (arguments == null) {
            System.exit(WRONG);
            return;
        }
        StreamJob job;
        try {
            StreamConfig config = StreamConfig.load(arguments.config);
            job = new StreamJob(config, rules(config));
        } catch (StreamConfigException e) {
            e.faults().forEach(System.err::println);
            System.exit(WRONG);
            return;
        }
        StreamExecutionEnvironment called = StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
        if (called instanceof StreamContextEnvironment) {
            job.submit();
            return;
        }
        System.exit(job.attempt(arguments));
    }

    private int attempt(Arguments arguments) {
        try {
            return run(arguments);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ENDED;
        } catch (Exception e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            LOG.debug("not started", e);
            System.err.println("stream: cannot start: " + cause);
            return ENDED;
        }
    }

    static Rules.Source rules(StreamConfig config) throws StreamConfigException {
        Path bundle = config.bundle();
        StreamConfig.Policy policy = config.policy();
        try {
            BundleTrust trust = BundleTrust.of(policy.key(), policy.algorithm(), policy.unsigned());
            BundleRules rules = BundleRules.of(bundle, trust);
            LOG.info("policy bundle={} digest={} signature=\"{}\"", bundle, rules.digest(), trust.recorded());
            return rules;
        } catch (PolicyException e) {
            throw new StreamConfigException(List.of("policy.bundle: " + bundle + ": " + e.getMessage()));
        }
    }

    /** Adds the job to the environment that {@code flink run} has set up; it says where to restore from. */
    private void submit() throws Exception {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(FlinkSettings.job(config, Optional.empty()));
        topology.build(env);
        env.executeAsync(Topology.JOB);
    }

    private int run(Arguments arguments) throws Exception {
        Optional<Path> restore = new RetainedCheckpoints(config.checkpointDirectory()).newest();
        try (RunningJob running = start(arguments, restore);
                Health health = new Health(
                        config.http().port(),
                        new FlinkRest(running),
                        new SourceLag(config),
                        restore,
                        Clock.systemUTC())) {
            LOG.info(
                    "started job={} rest={} health=http://127.0.0.1:{}/health restored={}",
                    running.id(),
                    running.rest(),
                    health.port(),
                    restore.map(Path::toString).orElse("none"));
            AtomicBoolean asked = new AtomicBoolean();
            Thread hook = new Thread(
                    () -> {
                        asked.set(true);
                        running.stop();
                    },
                    "stop");
            Runtime.getRuntime().addShutdownHook(hook);
            String end = running.ended().get();
            if (!asked.get()) {
                LOG.error("ended job={} how={}", running.id(), end);
            }
            return asked.get() ? 0 : ENDED;
        }
    }

    private RunningJob start(Arguments arguments, Optional<Path> restore) throws Exception {
        HostPort address = arguments.jobManager;
        if (address != null) {
            return RemoteCluster.start(
                    topology, () -> FlinkSettings.job(config, restore), address, Optional.ofNullable(arguments.jar));
        }
        return LocalCluster.start(topology::build, FlinkSettings.job(config, restore), FlinkSettings.local(config));
    }

    /** The command line. */
    private record Arguments(
            Path config,
            @Nullable HostPort jobManager,
            @Nullable Path jar) {
        static @Nullable Arguments parse(String[] args, PrintStream err) {
            @Nullable Path config = null;
            @Nullable HostPort jobManager = null;
            @Nullable Path jar = null;
            for (int i = 0; i < args.length; i += 2) {
                if (i + 1 >= args.length) {
                    err.println(args[i] + " needs a value; " + USAGE);
                    return null;
                }
                String value = args[i + 1];
                switch (args[i]) {
                    case "--config" -> config = Path.of(value);
                    case "--jar" -> jar = Path.of(value);
                    case "--jobmanager" -> {
                        try {
                            jobManager = HostPort.parse(value);
                        } catch (IllegalArgumentException e) {
                            err.println("--jobmanager: " + e.getMessage());
                            return null;
                        }
                    }
                    default -> {
                        err.println(args[i] + " is not known; " + USAGE);
                        return null;
                    }
                }
            }
            if (config == null) {
                err.println(USAGE);
                return null;
            }
            return new Arguments(config, jobManager, jar);
        }
    }
}
