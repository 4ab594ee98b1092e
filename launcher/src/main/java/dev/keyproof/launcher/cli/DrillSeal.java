package dev.keyproof.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.drill.DrillLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/**
 * Seals the report of a drill by its digest: in the house's log where its evidence service runs, else in the drills' own. Where it was is
 * written beside the report.
 */
final class DrillSeal {
    private final HomeOption where;
    private final ObjectMapper mapper = new ObjectMapper();

    DrillSeal(HomeOption where) {
        this.where = where;
    }

    /** Seals the file's bytes as they are; returns where, in a few words. */
    String seal(String drill, Path report, boolean passed) throws LauncherException {
        try {
            ObjectNode held = mapper.createObjectNode()
                    .put("drill", drill)
                    .put("report", "sha256:" + sha256(Files.readAllBytes(report)))
                    .put("passed", passed);
            ObjectNode sealed = held.deepCopy();
            if (!byTheHouse(held, sealed)) {
                byItself(held, report.resolveSibling("sealed"), sealed);
            }
            Path beside = report.resolveSibling(
                    String.valueOf(report.getFileName()).replaceFirst("[.]json$", ".sealed.json"));
            Files.writeString(beside, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(sealed) + "\n");
            return "entry %d of %s"
                    .formatted(
                            sealed.path("index").asLong(), sealed.path("origin").asText());
        } catch (IOException | LogException | GeneralSecurityException e) {
            throw LauncherException.because("the report " + report + " cannot be sealed", e);
        }
    }

    private boolean byTheHouse(ObjectNode held, ObjectNode sealed) {
        try {
            Context context = where.existing();
            String operator = context.identities().token("operator-1", List.of("operator"), Duration.ofMinutes(5));
            JsonNode place = context.stores().sealDrill(operator, held.toString());
            sealed.setAll((ObjectNode) place);
            return true;
        } catch (LauncherException e) {
            // No house, or it is down: the drill's own log says so by its origin.
            return false;
        }
    }

    private void byItself(ObjectNode held, Path folder, ObjectNode sealed)
            throws LogException, IOException, GeneralSecurityException {
        DrillLog.Sealed own = DrillLog.seal(folder, held.toString().getBytes(StandardCharsets.UTF_8));
        sealed.put("origin", own.head().checkpoint().origin())
                .put("index", own.index())
                .put("checkpoint", own.head().note().format())
                .put("vkey", own.vkey());
    }

    private static String sha256(byte[] content) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }
}
