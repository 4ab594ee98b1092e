package dev.keyproof.broker;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.keyproof.broker.config.BrokerProperties;
import dev.keyproof.broker.decision.Decisions;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.metrics.Meters;
import dev.keyproof.broker.metrics.Waiting;
import dev.keyproof.broker.operation.Settlement;
import dev.keyproof.broker.policy.PolicyInForce;
import dev.keyproof.broker.slo.Objectives;
import dev.keyproof.broker.slo.SloStore;
import dev.keyproof.broker.trace.Traces;
import dev.keyproof.log.journal.Journal;
import dev.keyproof.pkcs11.Device;
import dev.keyproof.pkcs11.ShardLoad;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is measured. Names are those of OpenTelemetry's conventions where it has some, and begin with {@code keyproof} where not. */
@Configuration(proxyBeanMethods = false)
class MetricsConfiguration {
    @Bean
    PrometheusMeterRegistry meterRegistry() {
        return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    }

    @Bean
    Traces traces(BrokerProperties.Checked settings) {
        URI collector = settings.traces().endpoint();
        return collector == null
                ? Traces.off()
                : Traces.to(collector, settings.traces().sample(), settings.source());
    }

    @Bean
    Objectives objectives(PolicyInForce policy, SloStore store, Clock clock) {
        return new Objectives(policy::parameters, store, clock, System::nanoTime);
    }

    @Bean
    Meters meters(MeterRegistry registry, Objectives objectives) {
        return new Meters(registry, objectives);
    }

    @Bean(initMethod = "start")
    Waiting approvalsWaiting(JdbcClient jdbc) {
        return new Waiting(() -> jdbc.sql("SELECT count(*) FROM approval WHERE used_by IS NULL AND expires > now()")
                .query(Long.class)
                .single());
    }

    /** Registers what is read from its place when somebody asks. */
    @Bean
    JvmGcMetrics gauges(
            MeterRegistry registry,
            Journal journal,
            LeasedKeys keys,
            Decisions decisions,
            Settlement settlement,
            Waiting approvalsWaiting,
            Device device,
            DataSource pool,
            BrokerProperties.Checked settings) {
        journal(registry, journal);
        TimeGauge.builder("keyproof.lease.age", keys, TimeUnit.NANOSECONDS, LeasedKeys::ageNanos)
                .description("Age of the state that calls act on")
                .register(registry);
        gauge(registry, "keyproof.keys.held", keys, LeasedKeys::size, "Keys in memory");
        counted(registry, "keyproof.decision.remembered", decisions, Decisions::remembered);
        counted(registry, "keyproof.decision.evaluated", decisions, Decisions::evaluated);
        gauge(registry, "keyproof.intents.open", settlement, Settlement::waiting, "Intents that wait for an outcome");
        gauge(
                registry,
                "keyproof.approvals.waiting",
                approvalsWaiting,
                Waiting::answer,
                "Approvals that were asked for and neither used nor expired");
        settings.tokens().forEach(token -> {
            for (int shard = 0; shard < Math.max(1, token.shards()); shard++) {
                sessions(registry, device, token.label(), shard);
            }
        });
        if (pool instanceof HikariDataSource hikari) {
            connections(registry, hikari);
        }
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        JvmGcMetrics collections = new JvmGcMetrics();
        collections.bindTo(registry);
        return collections;
    }

    private static void journal(MeterRegistry registry, Journal journal) {
        FunctionCounter.builder(
                        "keyproof.journal.records", journal, of -> of.load().entries())
                .description("Durable records; divided by the commits it is how many went together")
                .register(registry);
        FunctionTimer.builder(
                        "keyproof.journal.commit.duration",
                        journal,
                        of -> of.load().commits(),
                        of -> of.load().forcedNanos(),
                        TimeUnit.NANOSECONDS)
                .description("Commits, and the time in which they were written and forced to disk")
                .register(registry);
        gauge(
                registry,
                "keyproof.journal.waiting",
                journal,
                of -> of.load().waiting(),
                "Records that wait for a commit");
        gauge(registry, "keyproof.journal.refused", journal, Journal::refused, "Records refused for want of room");
    }

    private static void sessions(MeterRegistry registry, Device device, String token, int shard) {
        sessions(registry, device, token, shard, "idle", ShardLoad::idle);
        sessions(registry, device, token, shard, "used", ShardLoad::busy);
    }

    private static void sessions(
            MeterRegistry registry,
            Device device,
            String token,
            int shard,
            String state,
            ToDoubleFunction<ShardLoad> number) {
        Gauge.builder(
                        "keyproof.token.sessions",
                        device,
                        of -> of.load().stream()
                                .filter(load -> load.token().equals(token) && load.shard() == shard)
                                .mapToDouble(number)
                                .findFirst()
                                .orElse(Double.NaN))
                .description("Sessions of a shard of a token")
                .tag("token", token)
                .tag("shard", Integer.toString(shard))
                .tag("state", state)
                .register(registry);
    }

    private static void connections(MeterRegistry registry, HikariDataSource pool) {
        connections(registry, pool, "idle", HikariPoolMXBean::getIdleConnections);
        connections(registry, pool, "used", HikariPoolMXBean::getActiveConnections);
        gauge(
                registry,
                "db.client.connection.pending_requests",
                pool,
                of -> of.getHikariPoolMXBean().getThreadsAwaitingConnection(),
                "Who waits for a connection to the database");
        gauge(
                registry,
                "db.client.connection.max",
                pool,
                HikariDataSource::getMaximumPoolSize,
                "Connections to the database at most");
    }

    private static void connections(
            MeterRegistry registry, HikariDataSource pool, String state, ToDoubleFunction<HikariPoolMXBean> number) {
        Gauge.builder("db.client.connection.count", pool, of -> number.applyAsDouble(of.getHikariPoolMXBean()))
                .description("Connections to the database")
                .tag("db.client.connection.state", state)
                .register(registry);
    }

    private static <T> void gauge(
            MeterRegistry registry, String name, T of, ToDoubleFunction<T> value, String description) {
        Gauge.builder(name, of, value).description(description).register(registry);
    }

    private static <T> void counted(MeterRegistry registry, String name, T of, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, of, value).register(registry);
    }
}
