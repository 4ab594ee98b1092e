package dev.keyproof.evidence.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.evidence.access.Operation;
import dev.keyproof.evidence.head.CheckpointCms;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.evidence.witness.Witnesses;
import dev.keyproof.log.tile.TilePath;
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
        return List.of(Route.get("/log/([0-9]{4})/(.+)", Operation.READ_LOG, this::file));
    }

    private Answer file(Call call) throws EvidenceException, IOException {
        int year = Integer.parseInt(call.parts().getFirst());
        String path = call.parts().getLast();
        return tiles.answer(year, path, call.method(), call.headers())
                .map(answer -> answer.about(scope(year, path)))
                .orElseGet(() -> Answer.problem(404, "not-found", "the log has no such file, or not yet"));
    }

    /** The entries that a bundle holds; of hashes and heads, that they are read. */
    private ObjectNode scope(int year, String path) {
        ObjectNode scope = JsonNodeFactory.instance.objectNode().put("year", year);
        if (path.startsWith("tile/entries/")) {
            TilePath bundle = TilePath.parse(path);
            long from = bundle.index() * TilePath.WIDTH;
            scope.put("from", from).put("to", from + bundle.width());
        }
        return scope;
    }
}
