package dev.keyproof.broker.api;

import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.datakey.ReWrap;
import dev.keyproof.broker.key.KeyDocument;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.operation.Change;
import dev.keyproof.broker.operation.DataKeys;
import dev.keyproof.broker.operation.Rotations;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.problem.ProblemJson;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** New versions of keys, their way back, and the data keys that follow. */
@RestController
@Tag(name = "rotation")
class RotationApi {
    private final Rotations rotations;
    private final DataKeys dataKeys;
    private final LeasedKeys keys;
    private final Clock clock;

    RotationApi(Rotations rotations, DataKeys dataKeys, LeasedKeys keys, Clock clock) {
        this.rotations = rotations;
        this.dataKeys = dataKeys;
        this.keys = keys;
        this.clock = clock;
    }

    /** What became of one key of an event: its new version, or a problem. */
    record Rotated(
            String key, @Nullable Integer version, @Nullable ProblemJson problem, String record) {
        static Rotated of(Rotations.Rotated done) {
            return new Rotated(
                    done.key(),
                    done.version(),
                    done.problem() == null ? null : ProblemJson.of(done.problem()),
                    done.record());
        }
    }

    /** Every key that the event chose. */
    record RotatedKeys(List<Rotated> keys) {}

    /**
     * How far data keys have followed their KEK.
     *
     * @param total how many were to move when it began
     * @param due when the last must have moved; {@code late} when it has not
     * @param ended when the last had moved and the older versions were retired
     */
    record Move(
            String kek,
            int version,
            long total,
            long moved,
            long failed,
            String began,
            String due,
            boolean late,
            @Nullable String ended) {
        static Move of(ReWrap move, Instant now) {
            Instant ended = move.ended();
            return new Move(
                    move.kek(),
                    move.version(),
                    move.total(),
                    move.moved(),
                    move.failed(),
                    move.began().toString(),
                    move.due().toString(),
                    (ended == null ? now : ended).isAfter(move.due()),
                    ended == null ? null : ended.toString());
        }
    }

    @PostMapping("/v1/keys/{id}:rotate")
    @Operation(summary = "Make a new version; the old ones go on decrypting and verifying, a KEK's data keys follow")
    ResponseEntity<KeyDocument> rotate(
            Call call, @PathVariable String id, @RequestBody(required = false) @Nullable Change body)
            throws ProblemException {
        return Answers.of(rotations.rotate(call, keys.resolve(id), KeysApi.plain(body)), Function.identity());
    }

    @PostMapping("/v1/keys/{id}:back-out")
    @Operation(summary = "Let the version before the current one protect again")
    ResponseEntity<KeyDocument> backOut(
            Call call, @PathVariable String id, @RequestBody(required = false) @Nullable Change body)
            throws ProblemException {
        return Answers.of(rotations.backOut(call, keys.resolve(id), KeysApi.plain(body)), Function.identity());
    }

    @PostMapping("/v1/keys/{id}:retire")
    @Operation(summary = "Let every version but the current one process nothing any more")
    ResponseEntity<KeyDocument> retire(
            Call call, @PathVariable String id, @RequestBody(required = false) @Nullable Change body)
            throws ProblemException {
        return Answers.of(rotations.retire(call, keys.resolve(id), KeysApi.plain(body)), Function.identity());
    }

    @PostMapping("/v1/rotations")
    @Operation(summary = "Rotate every key that an event makes old; also the target of a webhook")
    ResponseEntity<RotatedKeys> rotate(Call call, @RequestBody Rotations.Event body) throws ProblemException {
        return Answers.of(
                rotations.rotate(call, body),
                done -> new RotatedKeys(done.stream().map(Rotated::of).toList()));
    }

    @GetMapping("/v1/keys/{id}/re-wrap")
    @Operation(summary = "How far a KEK's data keys have followed its last rotation")
    ResponseEntity<Move> move(Call call, @PathVariable String id) throws ProblemException {
        return Answers.of(dataKeys.move(call, keys.resolve(id)), move -> Move.of(move, clock.instant()));
    }

    @GetMapping("/v1/data-keys/{id}")
    @Operation(summary = "A registered data key as its KEK wraps it now")
    ResponseEntity<DataKeys.Wrapped> dataKey(Call call, @PathVariable String id) throws ProblemException {
        return Answers.of(dataKeys.read(call, id), Function.identity());
    }
}
