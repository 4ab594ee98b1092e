package dev.keyproof.broker.api;

import dev.keyproof.broker.trace.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/** Takes up the caller's trace (W3C Trace Context), and makes the request a span of it where traces are collected. */
final class Spans implements Filter {
    private static final String TRACEPARENT = "traceparent";

    private static final TextMapGetter<HttpServletRequest> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(HttpServletRequest request) {
            return Collections.list(request.getHeaderNames());
        }

        @Override
        public @Nullable String get(@Nullable HttpServletRequest request, String name) {
            return request == null ? null : request.getHeader(name);
        }
    };

    private final Traces traces;

    Spans(Traces traces) {
        this.traces = traces;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!(request instanceof HttpServletRequest http)
                || !(response instanceof HttpServletResponse answer)
                || (!traces.on() && http.getHeader(TRACEPARENT) == null)) {
            chain.doFilter(request, response);
            return;
        }
        Context parent = W3CTraceContextPropagator.getInstance().extract(Context.root(), http, HEADERS);
        Span span = traces.request(parent, http.getMethod());
        try (Scope _ = span.makeCurrent()) {
            chain.doFilter(request, response);
        } finally {
            span.setAttribute("http.response.status_code", answer.getStatus());
            if (answer.getStatus() >= 500) {
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        }
    }
}
