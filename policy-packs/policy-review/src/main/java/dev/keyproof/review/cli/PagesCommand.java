package dev.keyproof.review.cli;

import dev.keyproof.review.pages.Catalogue;
import dev.keyproof.review.pages.ComponentDefinition;
import dev.keyproof.review.pages.Pages;
import dev.keyproof.review.pages.PagesException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code policy pages}: what the policy checks, for who does not read Rego. */
@Command(
        name = "pages",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a page for each rule and each framework, with which controls rules answer and which need people, and an OSCAL component"
                    + " definition.",
            "Exit code: 0 fine; 2 the policy does not say of itself what the pages are to say."
        },
        footer = {"", "Example: ./keyproof policy pages --out pages"})
final class PagesCommand implements Callable<Integer> {
    private static final int IMPOSSIBLE = 2;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--packs",
            paramLabel = "DIR",
            description = "the folder of the policy (default: the packs of this checkout)",
            defaultValue = "${sys:keyproof.checkout:-.}/policy-packs/packs")
    private Path packs = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "where the pages go")
    private Path out = Path.of("");

    @Option(
            names = "--pack-version",
            paramLabel = "VERSION",
            description = "the version that the component definition states (default: ${DEFAULT-VALUE})",
            defaultValue = "0.1.0")
    private String version = "";

    @Override
    public Integer call() {
        CommandSpec command = Objects.requireNonNull(spec);
        PrintWriter err = command.commandLine().getErr();
        try {
            String opa = System.getenv().getOrDefault("KEYPROOF_OPA", "opa");
            Catalogue catalogue = Catalogue.of(packs.toAbsolutePath().normalize(), opa);
            Map<String, String> pages = new Pages(catalogue).all();
            for (Map.Entry<String, String> page : pages.entrySet()) {
                Path file = out.resolve(page.getKey());
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Files.writeString(file, page.getValue());
            }
            Files.write(out.resolve("component-definition.json"), new ComponentDefinition(catalogue).bytes(version));
            command.commandLine().getOut().println(pages.size() + " pages and component-definition.json in " + out);
            command.commandLine().getOut().flush();
            return 0;
        } catch (PagesException e) {
            err.println("keyproof: " + e.getMessage());
            return IMPOSSIBLE;
        } catch (IOException e) {
            err.println("keyproof: the pages cannot be written to " + out + ": " + e.getMessage());
            return IMPOSSIBLE;
        }
    }
}
