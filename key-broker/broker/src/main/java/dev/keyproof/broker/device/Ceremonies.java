package dev.keyproof.broker.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.broker.config.ConfigurationFault;
import dev.keyproof.broker.digest.Digest;
import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Puts the transcripts of ceremonies on the record, each once, and refuses one that was changed since. */
@Repository
public class Ceremonies {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JdbcClient jdbc;

    public Ceremonies(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Records what is new in a folder; a folder that is not there has none.
     *
     * @throws ConfigurationFault if a transcript cannot be read or recorded, or is not the one that was
     */
    public void record(Path folder, Recorder recorder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> transcripts = files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
            for (Path transcript : transcripts) {
                record(transcript, Files.readAllBytes(transcript), recorder);
            }
        } catch (IOException e) {
            throw new ConfigurationFault("the ceremonies in " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void record(Path file, byte[] bytes, Recorder recorder) throws IOException {
        JsonNode transcript = JSON.readTree(bytes);
        String id = transcript.path("id").asText();
        if (id.isEmpty() || !transcript.path("commitment").isTextual()) {
            throw new ConfigurationFault(file + " is no ceremony's transcript");
        }
        String digest = HexFormat.of().formatHex(Digest.sha256(bytes));
        Optional<String> known = jdbc.sql("SELECT digest FROM ceremony WHERE id = ?")
                .param(id)
                .query(String.class)
                .optional();
        if (known.isPresent()) {
            if (!known.get().equals(digest)) {
                throw new ConfigurationFault(
                        file + " is not the transcript of ceremony " + id + " that is on the record");
            }
            return;
        }
        Draft draft = Draft.service("RecordCeremony").message("The transcript of a ceremony was put on the record.");
        draft.detail().put("digest", "sha256:" + digest).set("transcript", transcript);
        try {
            String position = recorder.append(draft).position().toString();
            jdbc.sql("INSERT INTO ceremony (id, digest, position) VALUES (?,?,?)")
                    .params(id, digest, position)
                    .update();
        } catch (ProblemException e) {
            throw new ConfigurationFault("ceremony " + id + " cannot be put on the record: " + e.detail(), e);
        }
    }
}
