package dev.keyproof.broker.api;

import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.key.KeyDocument;
import dev.keyproof.broker.key.KeyState;
import dev.keyproof.broker.operation.Change;
import dev.keyproof.broker.operation.Changes;
import dev.keyproof.broker.operation.NewKey;
import dev.keyproof.broker.operation.Reads;
import dev.keyproof.broker.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Keys themselves: made, read, changed. */
@RestController
@Tag(name = "keys")
class KeysApi {
    private final Changes changes;
    private final Reads reads;

    KeysApi(Changes changes, Reads reads) {
        this.changes = changes;
        this.reads = reads;
    }

    /** A list of keys. */
    record KeyList(List<KeyDocument> keys) {}

    /** All keys, and how many there are in each state. */
    record Inventory(List<KeyDocument> keys, Map<String, Long> states) {
        static Inventory of(List<KeyDocument> keys) {
            return new Inventory(
                    keys,
                    keys.stream()
                            .map(KeyDocument::state)
                            .map(KeyState::json)
                            .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting())));
        }
    }

    /** The kill switch: while it is on, policy refuses what protects. */
    record KillSwitch(boolean on) {}

    @PostMapping("/v1/keys")
    @Operation(summary = "Let a key be born in the device")
    ResponseEntity<KeyDocument> create(Call call, @RequestBody NewKey body) throws ProblemException {
        return Answers.of(201, changes.create(call, body), Function.identity());
    }

    @GetMapping("/v1/keys")
    @Operation(summary = "All keys")
    ResponseEntity<KeyList> list(Call call) throws ProblemException {
        return Answers.of(reads.keys(call), KeyList::new);
    }

    @GetMapping("/v1/keys/{id}")
    @Operation(summary = "A key with its versions and public keys")
    ResponseEntity<Reads.KeyWithVersions> read(Call call, @PathVariable String id) throws ProblemException {
        return Answers.of(reads.key(call, id), Function.identity());
    }

    @PostMapping("/v1/keys/{id}:rotate")
    @Operation(summary = "Make a new version; the old ones go on decrypting and verifying")
    ResponseEntity<KeyDocument> rotate(
            Call call, @PathVariable String id, @RequestBody(required = false) @Nullable Change body)
            throws ProblemException {
        return Answers.of(changes.rotate(call, id, plain(body)), Function.identity());
    }

    @PostMapping("/v1/keys/{id}:disable")
    @Operation(summary = "Suspend a key")
    ResponseEntity<KeyDocument> disable(
            Call call, @PathVariable String id, @RequestBody(required = false) @Nullable Change body)
            throws ProblemException {
        return Answers.of(changes.disable(call, id, plain(body)), Function.identity());
    }

    @PostMapping("/v1/keys/{id}:enable")
    @Operation(summary = "Make a suspended key active again")
    ResponseEntity<KeyDocument> enable(
            Call call, @PathVariable String id, @RequestBody(required = false) @Nullable Change body)
            throws ProblemException {
        return Answers.of(changes.enable(call, id, plain(body)), Function.identity());
    }

    @PostMapping("/v1/keys/{id}:destroy")
    @Operation(summary = "Destroy every version in the device, with the approval that policy asks for")
    ResponseEntity<KeyDocument> destroy(
            Call call, @PathVariable String id, @RequestBody(required = false) @Nullable Change body)
            throws ProblemException {
        return Answers.of(changes.destroy(call, id, plain(body)), Function.identity());
    }

    @GetMapping("/v1/inventory")
    @Operation(summary = "All keys with what the device says of them")
    ResponseEntity<Inventory> inventory(Call call) throws ProblemException {
        return Answers.of(reads.inventory(call), Inventory::of);
    }

    @GetMapping("/v1/kill-switch")
    @Operation(summary = "Whether the kill switch is on")
    ResponseEntity<KillSwitch> killSwitch(Call call) throws ProblemException {
        return Answers.of(reads.killSwitch(call), KillSwitch::new);
    }

    @PutMapping("/v1/kill-switch")
    @Operation(summary = "Turn the kill switch")
    ResponseEntity<KillSwitch> turn(Call call, @RequestBody KillSwitch body) throws ProblemException {
        return Answers.of(changes.killSwitch(call, body.on()), KillSwitch::new);
    }

    private static Change plain(@Nullable Change body) {
        return body == null ? Change.PLAIN : body;
    }
}
