package dev.keyproof.broker.api;

import dev.keyproof.broker.backup.BackedUp;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.operation.Backups;
import dev.keyproof.broker.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** What keys can be restored from. */
@RestController
@Tag(name = "backups")
class BackupsApi {
    static final String PATH = "/v1/backups";

    private final Backups backups;

    BackupsApi(Backups backups) {
        this.backups = backups;
    }

    /** The approval of {@code ExportBackup}, which has no key and no parameters. */
    record Export(@Nullable String approval) {}

    @PostMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(summary = "Export every wrapped key, as a quorum approved it")
    @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = BackedUp.class)))
    ResponseEntity<byte[]> export(Call call, @RequestBody Export body) throws ProblemException {
        return Answers.of(backups.export(call, body.approval()), Function.identity());
    }
}
