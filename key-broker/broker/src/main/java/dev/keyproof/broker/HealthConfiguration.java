package dev.keyproof.broker;

import dev.keyproof.broker.config.BrokerProperties;
import dev.keyproof.broker.decision.Decisions;
import dev.keyproof.broker.decision.Explanations;
import dev.keyproof.broker.health.Draining;
import dev.keyproof.broker.health.Health;
import dev.keyproof.broker.health.Pulse;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.operation.Standing;
import dev.keyproof.broker.provider.KeyProvider;
import javax.sql.DataSource;
import org.springframework.boot.flyway.autoconfigure.FlywayDataSource;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/** How the broker says how it stands, and how it leaves. */
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {
    /** Migrations may take long; they do not go by the pool, whose connections end when the database keeps them waiting. */
    @Bean(defaultCandidate = false)
    @FlywayDataSource
    DataSource migrations(JdbcConnectionDetails details) {
        return DataSourceBuilder.create()
                .type(SimpleDriverDataSource.class)
                .url(details.getJdbcUrl())
                .username(details.getUsername())
                .password(details.getPassword())
                .build();
    }

    @Bean
    Draining draining(BrokerProperties.Checked settings) {
        return new Draining(settings.drain());
    }

    @Bean(initMethod = "start")
    Pulse tokenPulse(KeyProvider provider) {
        return new Pulse("token", () -> provider.random(8));
    }

    @Bean
    Health health(LeasedKeys keys, Pulse tokenPulse, Recorder recorder, Draining draining) {
        return new Health()
                .with("database", () -> {
                    if (keys.older()) {
                        return "is older than this broker has seen it";
                    }
                    return keys.leased() ? null : "does not answer in time";
                })
                .with("token", tokenPulse)
                .with("journal", () -> recorder.usable() ? null : "failed to write; restart the broker")
                .with("server", () -> draining.draining() ? "is being stopped" : null);
    }

    @Bean
    Standing standing(Decisions decisions, Explanations explanations, Recorder recorder) {
        return new Standing(decisions, explanations, recorder);
    }
}
