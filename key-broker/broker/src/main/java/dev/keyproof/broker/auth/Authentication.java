package dev.keyproof.broker.auth;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.keyproof.broker.config.BrokerProperties;
import dev.keyproof.broker.journal.Strangers;
import java.time.Clock;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/**
 * Who may speak to the broker at all: the bearer of a valid token or certificate; everybody only for health, the API's description and the
 * page for approvers, which holds nothing until its reader has signed in.
 */
@Configuration(proxyBeanMethods = false)
class Authentication {
    @Bean
    CachedTokens jwtDecoder(BrokerProperties.Checked settings, Clock clock) {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(
                settings.algorithms().stream().map(JWSAlgorithm::parse).collect(Collectors.toSet()),
                IssuerKeys.at(settings.jwks())));
        // All claims are judged in TokenChecks.
        processor.setJWTClaimsSetVerifier((claims, context) -> {});
        NimbusJwtDecoder decoder = new NimbusJwtDecoder(processor);
        decoder.setJwtValidator(new TokenChecks(settings.issuer(), settings.audience(), clock));
        return new CachedTokens(decoder, clock);
    }

    /** As strict as Spring's own, which checks each header by a regular expression. */
    @Bean
    HttpFirewall firewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setAllowedHeaderNames(name -> name.chars().noneMatch(Authentication::control));
        firewall.setAllowedHeaderValues(value -> value.chars().noneMatch(Authentication::control));
        return firewall;
    }

    private static boolean control(int c) {
        return (Character.isISOControl(c) && c != '\t') || !Character.isDefined(c);
    }

    @Bean
    CertificateCallers certificateCallers(BrokerProperties.Checked settings, Clock clock) {
        return new CertificateCallers(settings.certificates(), settings.workloads(), settings.trustDomain(), clock);
    }

    @Bean
    SecurityFilterChain filters(HttpSecurity http, Strangers strangers, CertificateCallers certificates)
            throws Exception {
        StrangersRefused refused = new StrangersRefused(strangers);
        return http.authorizeHttpRequests(paths -> paths.requestMatchers(
                                "/openapi.json", "/healthz", "/readyz", "/health", "/approve", "/approve/*")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .oauth2ResourceServer(server -> server.jwt(jwt -> {})
                        .bearerTokenResolver(new BearerHeader())
                        .authenticationEntryPoint(refused))
                .addFilterBefore(new ClientCertificates(certificates), BearerTokenAuthenticationFilter.class)
                .exceptionHandling(handling -> handling.authenticationEntryPoint(refused))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .build();
    }
}
