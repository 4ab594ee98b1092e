package dev.keyproof.review.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.policy.Decision;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.review.report.ExplanationText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code policy try}: one decision, explained. */
@Command(
        name = "try",
        mixinStandardHelpOptions = true,
        description = {
            "Decides one input and says why: each check with the values that it read and what the parameters ask.",
            "Exit code: 0 decided, whatever the word; 1 the event was sealed with another result; 2 there is nothing to decide, or no"
                    + " policy to decide by."
        },
        footer = {"", "Example: ./keyproof policy try event.json --bundle .keyproof/policy/bundle.tar.gz"})
final class TryCommand implements Callable<Integer> {
    private static final int DIFFERS = 1;
    private static final int IMPOSSIBLE = 2;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "a decision's input, or a whole event, of which the input is taken")
    private Path file = Path.of("");

    @Option(
            names = "--bundle",
            paramLabel = "FILE",
            description = "the policy (default: the packs of this checkout)",
            defaultValue =
                    "${sys:keyproof.checkout:-.}/policy-packs/packs/target/classes/keyproof/policy/bundle.tar.gz")
    private Path bundle = Path.of("");

    @Option(names = "--json", description = "for programs")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try {
            JsonNode given = given();
            JsonNode sealed = given.at("/unmapped/keyproof/decision");
            JsonNode input = sealed.isObject() ? sealed.path("input") : given;
            if (!input.path("operation").isTextual()) {
                throw new ReviewException(file + " is no input of a decision, and no event that has one");
            }
            PolicyEngine engine = PolicyEngine.load(PolicyBundle.read(bundle));
            Decision decision = engine.authorise(input);
            JsonNode explanation = ordered(engine.explain(input)
                    .orElseThrow(() -> new ReviewException(bundle + " is of before decisions were explained")));
            boolean differs = sealed.isObject() && !decision.result().equals(sealed.path("result"));
            out.print(
                    json
                            ? json(decision, explanation, sealed, differs)
                            : ExplanationText.of(input, decision, explanation) + compared(decision, sealed, differs));
            out.flush();
            return differs ? DIFFERS : 0;
        } catch (PolicyException | ReviewException e) {
            spec.commandLine().getErr().println("keyproof: " + e.getMessage());
            return IMPOSSIBLE;
        }
    }

    private JsonNode given() throws ReviewException {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new ReviewException(file + ": no such file", e);
        } catch (IOException e) {
            throw new ReviewException(file + " cannot be read as JSON", e);
        }
    }

    /** The module has no order of its own; whoever compares two explanations wants one. */
    private static JsonNode ordered(JsonNode explanation) {
        ObjectNode ordered = JSON.createObjectNode();
        for (String part : List.of("checks", "told")) {
            ordered.putArray(part)
                    .addAll(explanation
                            .path(part)
                            .valueStream()
                            .map(check -> JSON.<JsonNode>valueToTree(JSON.convertValue(check, Object.class)))
                            .sorted(Comparator.comparing(
                                    check -> check.path("code").asText()))
                            .toList());
        }
        return ordered;
    }

    private static String compared(Decision decision, JsonNode sealed, boolean differs) {
        if (!sealed.isObject()) {
            return "";
        }
        String under = decision.policyDigest().equals(sealed.path("policy").asText())
                        && decision.dataDigest().equals(sealed.path("data").asText())
                ? "this policy"
                : "another policy, " + sealed.path("policy").asText() + ", data "
                        + sealed.path("data").asText();
        return "\nsealed: "
                + (differs ? "ANOTHER RESULT, " + sealed.path("result") : "the same result")
                + ", under " + under + "\n";
    }

    private static String json(Decision decision, JsonNode explanation, JsonNode sealed, boolean differs) {
        ObjectNode json = JSON.createObjectNode()
                .put("allow", decision.allow())
                .put("policy", decision.policyDigest())
                .put("data", decision.dataDigest());
        json.set("result", decision.result());
        json.set("checks", explanation.path("checks"));
        json.set("told", explanation.path("told"));
        if (sealed.isObject()) {
            ObjectNode before = json.putObject("sealed").put("same", !differs);
            before.set("policy", sealed.path("policy"));
            before.set("data", sealed.path("data"));
            before.set("result", sealed.path("result"));
        }
        return json.toPrettyString() + "\n";
    }
}
