package dev.keyproof.broker;

import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.elevation.ElevationStore;
import dev.keyproof.broker.elevation.GlassReviews;
import dev.keyproof.broker.elevation.SessionIndex;
import dev.keyproof.broker.elevation.SessionStore;
import dev.keyproof.broker.elevation.StandingElevations;
import dev.keyproof.broker.key.KeyStore;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.operation.Calls;
import dev.keyproof.broker.operation.Changes;
import dev.keyproof.broker.operation.Elevations;
import dev.keyproof.broker.operation.Sessions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts together the calls about elevations and their sessions. */
@Configuration(proxyBeanMethods = false)
class ElevationConfiguration {
    @Bean
    Elevations elevations(
            Calls calls,
            Changes changes,
            KeyStore keys,
            LeasedKeys leased,
            Approvals approvals,
            ElevationStore store,
            StandingElevations standing,
            GlassReviews reviews) {
        return new Elevations(calls, changes, keys, leased, approvals, store, standing, reviews);
    }

    @Bean
    Sessions sessions(Calls calls, Elevations elevations, SessionIndex index, SessionStore store) {
        return new Sessions(calls, elevations, index, store);
    }
}
