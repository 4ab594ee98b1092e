package dev.keyproof.broker;

import dev.keyproof.broker.call.Persons;
import dev.keyproof.broker.config.BrokerProperties;
import dev.keyproof.broker.decision.Decisions;
import dev.keyproof.broker.decision.Explanations;
import dev.keyproof.broker.decision.Networks;
import dev.keyproof.broker.elevation.StandingElevations;
import dev.keyproof.broker.hat.Hats;
import dev.keyproof.broker.itsm.ChangeDesk;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.journal.Throttled;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.metrics.Meters;
import dev.keyproof.broker.operation.Permits;
import dev.keyproof.broker.policy.PolicyInForce;
import dev.keyproof.broker.repeat.FirstAnswers;
import dev.keyproof.broker.throttle.Throttle;
import dev.keyproof.broker.trace.Traces;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Puts together what stands between a caller and what it asks for. */
@Configuration(proxyBeanMethods = false)
class FrontConfiguration {
    @Bean
    Networks networks(BrokerProperties.Checked settings) {
        return new Networks(settings.networks());
    }

    @Bean
    ChangeDesk changeDesk(BrokerProperties.Checked settings) {
        return new ChangeDesk(settings.changes());
    }

    @Bean
    Decisions decisions(PolicyInForce policy, Networks networks) {
        return new Decisions(policy, networks);
    }

    @Bean
    Throttle throttle(PolicyInForce policy) {
        return new Throttle(() -> policy.parameters().path("throttle"));
    }

    @Bean
    Explanations explanations(PolicyInForce policy, Throttle throttle) {
        return new Explanations(policy, throttle);
    }

    @Bean
    Throttled throttled(Recorder recorder, Clock clock) {
        return new Throttled(recorder, clock);
    }

    @Bean
    FirstAnswers firstAnswers(JdbcClient jdbc, Clock clock, PolicyInForce policy) {
        return new FirstAnswers(
                jdbc,
                clock,
                () -> Duration.ofHours(
                        policy.parameters().path("idempotency").path("hours").asLong()));
    }

    @Bean
    Permits permits(
            Decisions decisions,
            Explanations explanations,
            LeasedKeys keys,
            Hats hats,
            ChangeDesk changes,
            StandingElevations elevations,
            Persons persons,
            Meters meters,
            Traces traces) {
        return new Permits(
                decisions, explanations, keys, hats, changes, elevations, persons, meters.decision(), traces);
    }
}
