package dev.keyproof.broker.api;

import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.key.KeyDocument;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.operation.Change;
import dev.keyproof.broker.operation.Destructions;
import dev.keyproof.broker.operation.KillSwitches;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.use.KeyUse;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The end of keys and of all use, and whom it would hit. */
@RestController
@Tag(name = "ending")
class EndingApi {
    private final Destructions destructions;
    private final KillSwitches switches;
    private final LeasedKeys keys;

    EndingApi(Destructions destructions, KillSwitches switches, LeasedKeys keys) {
        this.destructions = destructions;
        this.switches = switches;
        this.keys = keys;
    }

    /** The kill switch as it is to be: while it is on, policy refuses what protects. */
    record Turn(boolean on, @Nullable String approval) {}

    /** Who used which key in the last {@code days} days. */
    record Users(int days, List<User> users) {
        static Users of(List<KeyUse> uses) {
            return new Users(KillSwitches.DAYS, uses.stream().map(User::of).toList());
        }
    }

    /** What somebody did with a key. */
    record User(String key, String actor, long operations, String last) {
        static User of(KeyUse use) {
            return new User(use.key(), use.actor(), use.operations(), use.last().toString());
        }
    }

    @PostMapping("/v1/keys/{id}:destroy")
    @Operation(summary = "Destroy every version in the device, with the approval that policy asks for")
    ResponseEntity<KeyDocument> destroy(
            Call call, @PathVariable String id, @RequestBody(required = false) @Nullable Change body)
            throws ProblemException {
        return Answers.of(destructions.destroy(call, keys.resolve(id), KeysApi.plain(body)), Function.identity());
    }

    @PostMapping("/v1/keys/{id}:schedule-destruction")
    @Operation(summary = "Order the destruction of a key in some days; it is of no use from now on")
    ResponseEntity<KeyDocument> schedule(Call call, @PathVariable String id, @RequestBody Destructions.Order body)
            throws ProblemException {
        return Answers.of(destructions.schedule(call, keys.resolve(id), body), Function.identity());
    }

    @PostMapping("/v1/keys/{id}:cancel-destruction")
    @Operation(summary = "Take back an order to destroy; the key stays suspended")
    ResponseEntity<KeyDocument> cancel(
            Call call, @PathVariable String id, @RequestBody(required = false) @Nullable Change body)
            throws ProblemException {
        return Answers.of(destructions.cancel(call, keys.resolve(id), KeysApi.plain(body)), Function.identity());
    }

    @GetMapping("/v1/keys/{id}/users")
    @Operation(summary = "Who used a key in the last 30 days")
    ResponseEntity<Users> users(Call call, @PathVariable String id) throws ProblemException {
        return Answers.of(switches.preview(call, keys.resolve(id)), Users::of);
    }

    @GetMapping("/v1/kill-switch")
    @Operation(summary = "Whether the kill switch is on, and the way back")
    ResponseEntity<KillSwitches.State> read(Call call) throws ProblemException {
        return Answers.of(switches.read(call), Function.identity());
    }

    @GetMapping("/v1/kill-switch/preview")
    @Operation(summary = "Whom the kill switch would hit: who used which key in the last 30 days")
    ResponseEntity<Users> preview(Call call) throws ProblemException {
        return Answers.of(switches.preview(call), Users::of);
    }

    @PutMapping("/v1/kill-switch")
    @Operation(summary = "Turn the kill switch; answered when no broker acts on what it was before")
    ResponseEntity<KillSwitches.State> turn(Call call, @RequestBody Turn body) throws ProblemException {
        return Answers.of(switches.turn(call, body.on(), body.approval()), Function.identity());
    }
}
