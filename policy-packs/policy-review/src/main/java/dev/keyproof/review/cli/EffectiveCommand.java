package dev.keyproof.review.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.policy.EffectivePolicy;
import dev.keyproof.review.install.InstallException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code policy effective}: the values in force, and where each comes from. */
@Command(
        name = "effective",
        mixinStandardHelpOptions = true,
        description = {
            "Prints each of policy's values and the file it comes from: the packs, or an overlay of the installation.",
            "Exit code: 0 fine; 2 the values cannot be in force."
        },
        footer = {"", "Example: ./keyproof policy effective --overlay stricter.json"})
final class EffectiveCommand implements Callable<Integer> {
    private static final int IMPOSSIBLE = 2;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private InstallationOptions installation = new InstallationOptions();

    @Option(
            names = "--overlay",
            paramLabel = "FILE",
            description = "tried over those of the installation; may be given more than once")
    private List<Path> overlays = List.of();

    @Option(names = "--changed", description = "only those that an overlay says")
    private boolean changed;

    @Option(names = "--json", description = "for programs")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try {
            EffectivePolicy policy = installation.existing().effective(installation.packs(), overlays);
            List<EffectivePolicy.Value> values = policy.values().stream()
                    .filter(value -> !changed || !value.origin().equals(EffectivePolicy.PACKS))
                    .toList();
            if (json) {
                ObjectNode document = new ObjectMapper().createObjectNode();
                ArrayNode all = document.putArray("values");
                for (EffectivePolicy.Value value : values) {
                    all.addObject()
                            .put("path", value.path())
                            .put("origin", value.origin())
                            .set("value", value.value());
                }
                out.println(document);
            } else {
                values.forEach(
                        value -> out.println(value.path() + " = " + value.value() + "  [" + value.origin() + "]"));
            }
            out.flush();
            return 0;
        } catch (InstallException e) {
            Objects.requireNonNull(spec).commandLine().getErr().println("keyproof: " + e.getMessage());
            return IMPOSSIBLE;
        }
    }
}
