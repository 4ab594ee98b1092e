package dev.keyproof.launcher.approve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.launcher.home.LauncherException;
import java.io.Console;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What waits for an approver, and the approver's signature over it. */
@Command(
        name = "approve",
        mixinStandardHelpOptions = true,
        description =
                "Lists what waits for approval, shows what would be signed, and signs it with the approver's own key.",
        footer = {
            "",
            "Example: ./keyproof approve sign 01KAV3J8Q4W6Z0X1Y2T3R4S5P6 --broker https://keyproof.example.org \\",
            "           --token-file token --as alice --key alice.pem"
        })
public final class ApproveCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandSpec known = spec;
        if (known != null) {
            throw new ParameterException(known.commandLine(), "one of list, show, sign and withdraw is missing");
        }
    }

    /** Which broker, and as whom. */
    static final class Where {
        @Option(names = "--broker", required = true, paramLabel = "URL", description = "the broker")
        private URI broker = URI.create("http://127.0.0.1");

        @Option(
                names = "--token-file",
                required = true,
                paramLabel = "FILE",
                description = "the file with your access token")
        private Path tokenFile = Path.of("");

        BrokerApprovals approvals() {
            return new BrokerApprovals(broker, tokenFile);
        }

        Request request(String id) throws LauncherException {
            return Request.of(id, approvals().get(path(id)));
        }

        static String path(String id) throws LauncherException {
            if (!id.matches("[0-9A-Z]{26}")) {
                throw new LauncherException("'" + id + "' is not the id of a request");
            }
            return "/v1/approvals/" + id;
        }
    }

    @Command(name = "list", description = "What waits for approval.")
    int list(@Mixin Where where, @Option(names = "--json", description = "print the broker's answer") boolean json)
            throws LauncherException {
        JsonNode answer = where.approvals().get("/v1/approvals");
        if (json) {
            out().println(answer);
            return 0;
        }
        for (JsonNode one : answer.path("approvals")) {
            if (!one.path("used").asBoolean()
                    && Instant.parse(one.path("expires").asText()).isAfter(Instant.now())) {
                out().printf(
                                Locale.ROOT,
                                "%s  %s %s  %s  by %s  %d of %d  until %s%n",
                                one.path("id").asText(),
                                one.path("operation").asText(),
                                one.path("key").asText(),
                                one.path("change").asText(),
                                one.path("requester").asText(),
                                one.path("approvers").size(),
                                one.path("quorum").asInt(),
                                one.path("expires").asText());
            }
        }
        return 0;
    }

    @Command(name = "show", description = "What would be signed.")
    int show(@Mixin Where where, @Parameters(paramLabel = "ID", description = "the request") String id)
            throws LauncherException {
        out().print(where.request(id).text());
        return 0;
    }

    @Command(name = "sign", description = "Shows what would be signed, and signs it.")
    int sign(
            @Mixin Where where,
            @Parameters(paramLabel = "ID", description = "the request") String id,
            @Option(names = "--as", required = true, paramLabel = "NAME", description = "your name as an approver")
                    String approver,
            @Option(
                            names = "--key",
                            required = true,
                            paramLabel = "FILE",
                            description = "your private key, P-256 or Ed25519: PKCS#8 in PEM, or PKCS#12")
                    Path key,
            @Option(
                            names = "--password-file",
                            paramLabel = "FILE",
                            description = "the file with the PKCS#12's password")
                    @Nullable Path passwordFile,
            @Option(names = "--yes", description = "sign without asking") boolean yes)
            throws LauncherException {
        if (!approver.matches("[A-Za-z0-9@._-]{1,128}")) {
            throw new LauncherException("--as: '" + approver + "' is not 1 to 128 of A-Z a-z 0-9 @ . _ -");
        }
        Request request = where.request(id);
        out().print(request.text());
        out().flush();
        if (!yes && !confirmed()) {
            out().println("not signed");
            return 1;
        }
        JsonNode answer = where.approvals()
                .post(
                        Where.path(id) + "/signatures",
                        new ObjectMapper()
                                .createObjectNode()
                                .put(
                                        "jws",
                                        ApproverKey.read(key, passwordFile).approve(approver, request.statement())));
        out().println("approved: " + answer.path("approvers").size() + " of "
                + answer.path("quorum").asInt());
        return 0;
    }

    @Command(name = "withdraw", description = "Takes your own approval back, before anything was done on it.")
    int withdraw(@Mixin Where where, @Parameters(paramLabel = "ID", description = "the request") String id)
            throws LauncherException {
        JsonNode answer = where.approvals().post(Where.path(id) + ":withdraw", new ObjectMapper().createObjectNode());
        out().println("withdrawn: " + answer.path("approvers").size() + " of "
                + answer.path("quorum").asInt() + " stand");
        return 0;
    }

    private static boolean confirmed() throws LauncherException {
        Console console = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .orElseThrow(() ->
                        new LauncherException("there is nobody to ask here: read what is shown above, then add --yes"));
        return "yes".equals(console.readLine("Sign this? yes or no: "));
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
