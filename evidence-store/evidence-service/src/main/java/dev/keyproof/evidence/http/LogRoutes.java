package dev.keyproof.evidence.http;

import dev.keyproof.evidence.head.CheckpointCms;
import dev.keyproof.evidence.http.Route.Access;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.evidence.witness.Witnesses;
import java.io.IOException;
import java.util.List;

/** {@code /log/YEAR/...}: the logs as static files. Thread-safe. */
public final class LogRoutes implements Routes {
    private final TileFiles tiles;

    public LogRoutes(YearLogs logs, Witnesses witnesses, CheckpointCms cms) {
        this.tiles = new TileFiles(logs, witnesses, cms);
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/log/([0-9]{4})/(.+)", Access.READERS, this::file));
    }

    private Answer file(Call call) throws EvidenceException, IOException {
        return tiles.answer(
                        Integer.parseInt(call.parts().getFirst()),
                        call.parts().getLast(),
                        call.method(),
                        call.headers())
                .orElseGet(() -> Answer.problem(404, "not-found", "the log has no such file, or not yet"));
    }
}
