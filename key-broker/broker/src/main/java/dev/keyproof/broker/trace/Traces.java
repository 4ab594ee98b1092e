package dev.keyproof.broker.trace;

import dev.keyproof.broker.problem.ProblemException;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Spans, where there is somebody who collects them. Thread-safe. */
public final class Traces implements AutoCloseable {
    private static final Duration EXPORT_EVERY = Duration.ofSeconds(1);
    private static final Duration EXPORT_PATIENCE = Duration.ofSeconds(5);
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

    private final Tracer tracer;
    private final @Nullable SdkTracerProvider provider;

    private Traces(Tracer tracer, @Nullable SdkTracerProvider provider) {
        this.tracer = tracer;
        this.provider = provider;
    }

    /** A step. */
    @FunctionalInterface
    public interface Step<T> {
        T take() throws ProblemException;
    }

    /** No spans; a caller's own trace is still told in the records. */
    public static Traces off() {
        return new Traces(OpenTelemetry.noop().getTracer("keyproof-broker"), null);
    }

    /**
     * Spans that go to a collector by OTLP.
     *
     * @param collector URL that takes traces, ending in {@code /v1/traces} as a rule
     * @param sample the share of traces that are begun here and exported; a trace that began elsewhere goes by its own flag
     * @param source name of this broker
     */
    public static Traces to(URI collector, double sample, String source) {
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(Resource.builder()
                        .put("service.name", "keyproof-broker")
                        .put("service.instance.id", source)
                        .build())
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(sample)))
                .addSpanProcessor(BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                                .setEndpoint(collector.toString())
                                .setTimeout(EXPORT_PATIENCE)
                                .build())
                        .setScheduleDelay(EXPORT_EVERY)
                        .build())
                .build();
        return new Traces(provider.get("keyproof-broker"), provider);
    }

    /** Whether spans go anywhere. */
    public boolean on() {
        return provider != null;
    }

    /** The span of a request, to be ended by who asked for it. */
    public Span request(Context parent, String method) {
        return tracer.spanBuilder(method)
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("http.request.method", method)
                .startSpan();
    }

    /** Takes a step of a request as a span of its own; what belongs to no request that is traced makes none. */
    public <T> T step(String name, Step<T> step) throws ProblemException {
        if (!Span.current().isRecording()) {
            return step.take();
        }
        Span span = tracer.spanBuilder(name).startSpan();
        try (Scope _ = span.makeCurrent()) {
            return step.take();
        } catch (ProblemException e) {
            span.setStatus(StatusCode.ERROR)
                    .setAttribute(ERROR_TYPE, e.problem().id());
            throw e;
        } finally {
            span.end();
        }
    }

    /** The id of the trace that this thread works in. */
    public static Optional<String> id() {
        SpanContext context = Span.current().getSpanContext();
        return context.isValid() ? Optional.of(context.getTraceId()) : Optional.empty();
    }

    /** Exports what waits. */
    @Override
    public void close() {
        if (provider != null) {
            provider.shutdown().join(EXPORT_PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
