package dev.keyproof.broker.api;

import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.operation.Settlement;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Whether the broker lives and can work; answered without a token, so it says nothing of keys. */
@RestController
@Tag(name = "health")
@SecurityRequirements
class HealthApi {
    private final Recorder recorder;
    private final LeasedKeys keys;
    private final Settlement settlement;

    HealthApi(Recorder recorder, LeasedKeys keys, Settlement settlement) {
        this.recorder = recorder;
        this.keys = keys;
        this.settlement = settlement;
    }

    /** The process answers. */
    record Live(String status) {}

    /**
     * How it stands.
     *
     * @param journal records in the journal
     * @param lease whether the keys' state is fresh
     * @param open intents that wait for their outcome
     */
    record Ready(String status, long journal, boolean journalUsable, boolean lease, int open) {}

    @GetMapping("/health/live")
    @Operation(summary = "Whether the process answers")
    Live live() {
        return new Live("UP");
    }

    @GetMapping({"/health/ready", "/health"})
    @Operation(summary = "Whether calls can be answered")
    ResponseEntity<Ready> ready() {
        boolean up = recorder.usable() && keys.leased();
        return ResponseEntity.status(up ? 200 : 503)
                .body(new Ready(
                        up ? "UP" : "DOWN", recorder.size(), recorder.usable(), keys.leased(), settlement.waiting()));
    }
}
