package dev.keyproof.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.launcher.home.LauncherException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has the running evidence service renew a year's evidence records, by its public API. */
@Command(
        name = "renew-time",
        mixinStandardHelpOptions = true,
        description = {
            "Renews the evidence records (RFC 4998) of a year with a token of the time-stamp authority in force.",
            "The service does so by itself a month before a certificate ends; do it by hand before an authority is replaced."
        },
        footer = {"", "Example: ./keyproof log renew-time --year 2026 --hash SHA-512"})
final class RenewTimeCommand implements Callable<Integer> {
    @Mixin
    private HomeOption where = new HomeOption();

    @Option(names = "--year", paramLabel = "YEAR", description = "the year of sealing; default: this one")
    private @Nullable Integer year;

    @Option(
            names = "--hash",
            paramLabel = "HASH",
            description = "renews the hash tree with SHA-256, SHA-384 or SHA-512; default: the time stamp alone")
    private @Nullable String hash;

    @Option(names = "--json", description = "print the service's answer")
    private boolean json;

    @Override
    public Integer call() throws LauncherException {
        ObjectNode wanted = new ObjectMapper().createObjectNode();
        if (year != null) {
            wanted.put("year", year);
        }
        if (hash != null) {
            wanted.put("hash", hash);
        }
        JsonNode answer = where.existing().stores().renewTime(wanted.toString());
        if (json) {
            System.out.println(answer);
        } else {
            for (JsonNode one : answer.path("records")) {
                System.out.printf(
                        Locale.ROOT,
                        "%s: %,d entries existed at %s; %d tokens, the last at %s by %s, good until %s%n",
                        answer.path("year").asText(),
                        one.path("size").asLong(),
                        one.path("since").asText(),
                        one.path("tokens").asInt(),
                        one.path("renewed").asText(),
                        one.path("authority").asText(),
                        one.path("until").asText());
            }
        }
        return 0;
    }
}
