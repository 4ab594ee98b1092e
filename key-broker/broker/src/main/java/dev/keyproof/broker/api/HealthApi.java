package dev.keyproof.broker.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.health.Health;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.operation.Settlement;
import dev.keyproof.broker.operation.Standing;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.slo.Objective;
import dev.keyproof.broker.slo.Objectives;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Whether the broker lives and can work: without a token a word, which part cannot only to whom policy allows. */
@RestController
@Tag(name = "health")
class HealthApi {
    private static final String UP = "UP";
    private static final String DOWN = "DOWN";

    private final Health health;
    private final Standing standing;
    private final Recorder recorder;
    private final Settlement settlement;
    private final Objectives objectives;

    HealthApi(Health health, Standing standing, Recorder recorder, Settlement settlement, Objectives objectives) {
        this.health = health;
        this.standing = standing;
        this.recorder = recorder;
        this.settlement = settlement;
        this.objectives = objectives;
    }

    /** One word: {@code UP} or {@code DOWN}. */
    record Status(String status) {
        static Status of(boolean up) {
            return new Status(up ? UP : DOWN);
        }
    }

    /** How a part stands, and what is wrong with it where it is down. */
    record PartStatus(
            String status,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reason) {}

    /**
     * How the broker stands.
     *
     * @param journal records in the journal
     * @param open intents that wait for their outcome
     */
    record Standings(String status, Map<String, PartStatus> parts, long journal, int open) {}

    @GetMapping("/healthz")
    @SecurityRequirements
    @Operation(summary = "Whether the process answers")
    Status live() {
        return Status.of(true);
    }

    @GetMapping({"/readyz", "/health"})
    @SecurityRequirements
    @Operation(summary = "Whether calls can be answered; 503 where not")
    ResponseEntity<Status> ready() {
        boolean up = health.ready();
        return ResponseEntity.status(up ? 200 : 503).body(Status.of(up));
    }

    @GetMapping("/v1/health")
    @Operation(summary = "How each part stands")
    ResponseEntity<Standings> parts(Call call) throws ProblemException {
        return Answers.of(standing.ask(call, Action.READ_HEALTH, this::standings), Function.identity());
    }

    /** Each promise, and how far it is kept. */
    record Slos(List<Objective> objectives) {}

    @GetMapping("/v1/slos")
    @Operation(summary = "How far the service's objectives are met, as far as this broker can tell")
    ResponseEntity<Slos> slos(Call call) throws ProblemException {
        return Answers.of(standing.ask(call, Action.READ_SLOS, () -> new Slos(objectives.now())), Function.identity());
    }

    private Standings standings() {
        Map<String, PartStatus> parts = new TreeMap<>();
        health.parts()
                .forEach((name, found) -> parts.put(name, new PartStatus(found.up() ? UP : DOWN, found.reason())));
        return new Standings(
                parts.values().stream().allMatch(part -> part.status().equals(UP)) ? UP : DOWN,
                parts,
                recorder.size(),
                settlement.waiting());
    }
}
