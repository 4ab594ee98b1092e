package dev.keyproof.broker.api;

import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.key.KeyDocument;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.operation.Births;
import dev.keyproof.broker.operation.Change;
import dev.keyproof.broker.operation.KeyLife;
import dev.keyproof.broker.operation.KeyUpdate;
import dev.keyproof.broker.operation.NewKey;
import dev.keyproof.broker.operation.Page;
import dev.keyproof.broker.operation.Reads;
import dev.keyproof.broker.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Keys themselves: made, read, changed. Wherever a path names a key, its id or an alias of it may stand. */
@RestController
@Tag(name = "keys")
class KeysApi {
    private final Births births;
    private final KeyLife life;
    private final Reads reads;
    private final LeasedKeys keys;

    KeysApi(Births births, KeyLife life, Reads reads, LeasedKeys keys) {
        this.births = births;
        this.life = life;
        this.reads = reads;
        this.keys = keys;
    }

    /** Which key an alias stands for. */
    record Alias(@Nullable String key) {}

    @PostMapping("/v1/keys")
    @Operation(summary = "Let a key be born in the device")
    ResponseEntity<KeyDocument> create(Call call, @RequestBody NewKey body) throws ProblemException {
        return Answers.of(201, births.create(call, body), Function.identity());
    }

    @GetMapping("/v1/keys")
    @Operation(summary = "Keys, oldest first, up to 1000 at a time")
    ResponseEntity<Reads.KeyPage> list(
            Call call,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String after)
            throws ProblemException {
        return Answers.of(reads.keys(call, new Page(limit, after)), Function.identity());
    }

    @GetMapping("/v1/keys/{id}")
    @Operation(summary = "A key with its versions and public keys")
    ResponseEntity<Reads.KeyWithVersions> read(Call call, @PathVariable String id) throws ProblemException {
        return Answers.of(reads.key(call, keys.resolve(id)), Function.identity());
    }

    @PatchMapping("/v1/keys/{id}")
    @Operation(summary = "Change what is said of a key; what is absent stays")
    ResponseEntity<KeyDocument> update(Call call, @PathVariable String id, @RequestBody KeyUpdate body)
            throws ProblemException {
        return Answers.of(life.update(call, keys.resolve(id), body), Function.identity());
    }

    @PutMapping("/v1/aliases/{name}")
    @Operation(summary = "Let an alias stand for a key, whatever it stood for before")
    ResponseEntity<KeyDocument> alias(Call call, @PathVariable String name, @RequestBody Alias body)
            throws ProblemException {
        String key = body.key() == null ? "" : body.key();
        return Answers.of(life.alias(call, name, keys.resolve(key)), Function.identity());
    }

    @DeleteMapping("/v1/aliases/{name}")
    @Operation(summary = "Let an alias stand for no key")
    ResponseEntity<KeyDocument> unalias(Call call, @PathVariable String name) throws ProblemException {
        return Answers.of(life.unalias(call, name, keys.resolve(name)), Function.identity());
    }

    @PostMapping("/v1/keys/{id}:disable")
    @Operation(summary = "Suspend a key; answered when no broker uses it any more")
    ResponseEntity<KeyDocument> disable(
            Call call, @PathVariable String id, @RequestBody(required = false) @Nullable Change body)
            throws ProblemException {
        return Answers.of(life.disable(call, keys.resolve(id), plain(body)), Function.identity());
    }

    @PostMapping("/v1/keys/{id}:enable")
    @Operation(summary = "Make a key that is suspended or not yet active an active one")
    ResponseEntity<KeyDocument> enable(
            Call call, @PathVariable String id, @RequestBody(required = false) @Nullable Change body)
            throws ProblemException {
        return Answers.of(life.enable(call, keys.resolve(id), plain(body)), Function.identity());
    }

    @PostMapping("/v1/keys/{id}:deactivate")
    @Operation(summary = "Let a key only process what it protected, for ever")
    ResponseEntity<KeyDocument> deactivate(
            Call call, @PathVariable String id, @RequestBody(required = false) @Nullable Change body)
            throws ProblemException {
        return Answers.of(life.deactivate(call, keys.resolve(id), plain(body)), Function.identity());
    }

    @PostMapping("/v1/keys/{id}:mark-compromised")
    @Operation(summary = "Note that others may know a key; it protects nothing from now on")
    ResponseEntity<KeyDocument> compromised(
            Call call, @PathVariable String id, @RequestBody(required = false) @Nullable Change body)
            throws ProblemException {
        return Answers.of(life.compromised(call, keys.resolve(id), plain(body)), Function.identity());
    }

    @GetMapping("/v1/inventory")
    @Operation(
            summary =
                    "Keys, up to 1000 at a time, with what the device says of them, what holds them and when they were last used")
    ResponseEntity<Reads.Inventory> inventory(
            Call call,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String after)
            throws ProblemException {
        return Answers.of(reads.inventory(call, new Page(limit, after)), Function.identity());
    }

    static Change plain(@Nullable Change body) {
        return body == null ? Change.PLAIN : body;
    }
}
