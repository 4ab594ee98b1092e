package dev.keyproof.broker.ceremony;

import com.fasterxml.jackson.databind.DatabindException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.broker.backup.BackedUp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Takes the wrapped keys out of a broker, by the approval of a quorum. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = {
            "Takes the wrapped keys out of a broker. Together with the custodians' shares this restores every replicated key.",
            "POST /v1/approvals {\"operation\": \"ExportBackup\", \"change\": ID} asks for the approval, as whom the token is of.",
            "States, owners and approvals are in the database's own backups (pg_dump, or its folder)."
        },
        footer = {
            "",
            "Example: ./keyproof ceremony backup --broker https://keyproof.example.org --token-file token \\",
            "           --approval 01KAV3J8Q4W6Z0X1Y2T3R4S5P6 --out backups"
        })
final class Backup implements Callable<Integer> {
    private static final Duration CONNECTING = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Option(names = "--broker", required = true, paramLabel = "URL", description = "the broker")
    private URI broker = URI.create("http://127.0.0.1");

    @Option(
            names = "--token-file",
            required = true,
            paramLabel = "FILE",
            description = "the file with your access token")
    private Path tokenFile = Path.of("");

    @Option(names = "--approval", required = true, paramLabel = "ID", description = "the quorum's approval")
    private String approval = "";

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "where the backup goes")
    private Path out = Path.of("");

    @Override
    public Integer call() throws CeremonyException, IOException {
        ObjectMapper json = new ObjectMapper();
        byte[] answer = export(json);
        BackedUp backup;
        try {
            backup = json.readValue(answer, BackedUp.class);
        } catch (DatabindException e) {
            throw new CeremonyException("what " + broker + " answers is no backup", e);
        }
        // As it came: its digest is on the broker's record.
        Path file = Output.in(out).write("keys-" + backup.made().replace(":", "") + ".json", answer);
        System.out.println(backup.versions().size() + " key versions: " + file);
        if (!backup.resident().isEmpty()) {
            System.out.println(backup.resident().size() + " resident keys live in one token alone and are not in it");
        }
        return 0;
    }

    private byte[] export(ObjectMapper json) throws CeremonyException, IOException {
        HttpRequest request = HttpRequest.newBuilder(broker.resolve("/v1/backups"))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + Files.readString(tokenFile).strip())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(
                        json.writeValueAsBytes(json.createObjectNode().put("approval", approval))))
                .build();
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECTING)
                .build()) {
            HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new CeremonyException(
                        "the broker refuses: HTTP " + answer.statusCode() + why(json, answer.body()));
            }
            return answer.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CeremonyException("interrupted", e);
        }
    }

    private static String why(ObjectMapper json, byte[] body) {
        try {
            JsonNode problem = json.readTree(body);
            return ": " + problem.path("title").asText() + ": "
                    + problem.path("detail").asText();
        } catch (IOException e) {
            return "";
        }
    }
}
