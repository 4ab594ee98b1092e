package dev.keyproof.broker.api;

import dev.keyproof.broker.auth.KnownCertificates;
import dev.keyproof.broker.auth.KnownTokens;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.health.Draining;
import dev.keyproof.broker.journal.Throttled;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.operation.Calls;
import dev.keyproof.broker.repeat.FirstAnswers;
import dev.keyproof.broker.throttle.Throttle;
import dev.keyproof.broker.trace.Traces;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.time.Clock;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/** How requests become calls, and how the API describes itself. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {
    @Bean
    CallReader callReader(Clock clock) {
        return new CallReader(clock);
    }

    @Bean
    WebMvcConfigurer arguments(CallReader reader) {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(reader);
            }
        };
    }

    @Bean
    Refusals refusals(Calls calls, CallReader reader) {
        return new Refusals(calls, reader);
    }

    @Bean
    FilterRegistrationBean<BodyLimit> bodyLimit(Refusals refusals) {
        FilterRegistrationBean<BodyLimit> registration = new FilterRegistrationBean<>(new BodyLimit(refusals));
        registration.setOrder(Ordered.LOWEST_PRECEDENCE - 2);
        return registration;
    }

    @Bean
    Gate gate(Throttle throttle, Throttled throttled, CallReader reader, LeasedKeys keys) {
        return new Gate(throttle, throttled, reader, keys);
    }

    /** Behind authentication, before all else. */
    @Bean
    FilterRegistrationBean<Gate> gateKept(Gate gate) {
        FilterRegistrationBean<Gate> registration = new FilterRegistrationBean<>(gate);
        registration.setOrder(Ordered.LOWEST_PRECEDENCE - 3);
        return registration;
    }

    @Bean
    FilterRegistrationBean<Repeats> repeats(FirstAnswers answers, CallReader reader, Refusals refusals) {
        FilterRegistrationBean<Repeats> registration =
                new FilterRegistrationBean<>(new Repeats(answers, reader, refusals));
        registration.setOrder(Ordered.LOWEST_PRECEDENCE - 1);
        return registration;
    }

    /** Lists have the tag of their bytes; a key has its own. */
    @Bean
    FilterRegistrationBean<ShallowEtagHeaderFilter> listTags() {
        FilterRegistrationBean<ShallowEtagHeaderFilter> registration =
                new FilterRegistrationBean<>(new ShallowEtagHeaderFilter());
        registration.addUrlPatterns("/v1/keys", "/v1/inventory");
        registration.setOrder(Ordered.LOWEST_PRECEDENCE);
        return registration;
    }

    /** Around all that may refuse. */
    @Bean
    FilterRegistrationBean<Linger> linger() {
        FilterRegistrationBean<Linger> registration = new FilterRegistrationBean<>(new Linger());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        return registration;
    }

    @Bean
    FilterRegistrationBean<ShortWay> shortWay(
            KnownTokens tokens,
            KnownCertificates certificates,
            CallReader reader,
            Gate gate,
            CryptoApi crypto,
            Problems problems,
            JsonMapper json) {
        FilterRegistrationBean<ShortWay> registration =
                new FilterRegistrationBean<>(new ShortWay(tokens, certificates, reader, gate, crypto, problems, json));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 2);
        return registration;
    }

    @Bean
    FilterRegistrationBean<Spans> spans(Traces traces) {
        FilterRegistrationBean<Spans> registration = new FilterRegistrationBean<>(new Spans(traces));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        return registration;
    }

    /** Before all else: while the broker takes its leave, each answer ends its connection. */
    @Bean
    FilterRegistrationBean<Leave> leave(Draining draining) {
        FilterRegistrationBean<Leave> registration = new FilterRegistrationBean<>(new Leave(draining));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    @Bean
    OpenApiCustomizer preferences() {
        return Preference::describe;
    }

    @Bean
    OpenAPI description() {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Call.class);
        return new OpenAPI()
                .info(new Info()
                        .title("Keyproof broker")
                        .version("v1")
                        .description(
                                "Key operations, decided by policy and recorded before they are answered. Bytes are"
                                        + " in Base64; failures are RFC 9457 problems of type urn:keyproof:problem:NAME; each answer"
                                        + " names its record in Keyproof-Record. A change may carry Idempotency-Key, If-Match and"
                                        + " Keyproof-Change; reads take If-None-Match. Who is refused and sent Prefer: explanation is told why, as far as"
                                        + " policy lets it know."))
                .components(new Components()
                        .addSecuritySchemes(
                                "token",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .bearerFormat("JWT"))
                        .addSecuritySchemes("certificate", new SecurityScheme().type(SecurityScheme.Type.MUTUALTLS)))
                .addSecurityItem(new SecurityRequirement().addList("token"))
                .addSecurityItem(new SecurityRequirement().addList("certificate"));
    }
}
