package dev.keyproof.broker.api;

import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.operation.Answer;
import dev.keyproof.broker.operation.Standing;
import dev.keyproof.broker.problem.ProblemException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What is measured, for Prometheus and what reads as it does. */
@RestController
@Tag(name = "health")
class MetricsApi {
    private static final String TEXT = "text/plain;version=0.0.4;charset=utf-8";

    private final Standing standing;
    private final PrometheusMeterRegistry registry;

    MetricsApi(Standing standing, PrometheusMeterRegistry registry) {
        this.standing = standing;
        this.registry = registry;
    }

    @GetMapping("/v1/metrics")
    @Operation(summary = "What is measured, in the text format of Prometheus")
    @ApiResponse(responseCode = "200", content = @Content(mediaType = "text/plain"))
    ResponseEntity<String> metrics(Call call) throws ProblemException {
        Answer<String> answer = standing.ask(call, Action.READ_METRICS, registry::scrape);
        return ResponseEntity.ok()
                .header(Answers.RECORD, answer.position())
                .header("Content-Type", TEXT)
                .body(answer.value());
    }
}
