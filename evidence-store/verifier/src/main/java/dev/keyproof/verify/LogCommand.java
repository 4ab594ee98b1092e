package dev.keyproof.verify;

import dev.keyproof.log.FsckReport;
import dev.keyproof.log.LogException;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.sealed.SealedLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code log fsck} and {@code log rebuild}: check, or make again, everything that is derived from a sealed log. */
@Command(
        name = "log",
        mixinStandardHelpOptions = true,
        description = "Checks a sealed log, or rebuilds what is derived from it. The evidence service must be stopped.",
        footer = {"", "Example:", "  keyproof log fsck --trust anchor.trust .keyproof/log/2026"})
public final class LogCommand {
    @Spec
    private @Nullable CommandSpec spec;

    @Command(
            name = "fsck",
            mixinStandardHelpOptions = true,
            description =
                    "Checks everything in a log's folder against everything else. Exit code 0 if all agrees, else 1.",
            footer = {"", "Example:", "  keyproof log fsck .keyproof/log/2026"})
    int fsck(
            @Parameters(paramLabel = "DIR", arity = "0..*", description = "Folders of logs; default: all of the home.")
                    @Nullable List<Path> folders,
            @Option(names = "--home", paramLabel = "DIR", defaultValue = ".keyproof", description = "The home.")
                    Path home,
            @Option(names = "--trust", paramLabel = "FILE", description = "A trust file whose keys must have signed.")
                    @Nullable Path trust,
            @Option(names = "--json", description = "Prints one JSON object a log.") boolean json) {
        int exit = 0;
        try {
            for (Path folder : folders(folders, home)) {
                FsckReport report = SealedLog.fsck(folder, verifiers(folder, trust));
                print(folder, report, json);
                exit = report.sound() ? exit : 1;
            }
        } catch (LogException | IOException | UnreadableException e) {
            return refuse(String.valueOf(e.getMessage()));
        }
        return exit;
    }

    @Command(
            name = "rebuild",
            mixinStandardHelpOptions = true,
            description = "Makes tiles and bundles anew from the log and proves that they lead to the signed root.",
            footer = {"", "Example:", "  keyproof log rebuild .keyproof/log/2026"})
    int rebuild(
            @Parameters(paramLabel = "DIR", arity = "0..*", description = "Folders of logs; default: all of the home.")
                    @Nullable List<Path> folders,
            @Option(names = "--home", paramLabel = "DIR", defaultValue = ".keyproof", description = "The home.")
                    Path home) {
        try {
            for (Path folder : folders(folders, home)) {
                long size = SealedLog.rebuild(folder);
                out().println(folder + ": derived files made again for " + size
                        + " entries, the signed root is reached");
            }
        } catch (LogException | IOException e) {
            return refuse(String.valueOf(e.getMessage()));
        }
        return 0;
    }

    private static List<Path> folders(@Nullable List<Path> given, Path home) throws IOException {
        if (given != null && !given.isEmpty()) {
            return given;
        }
        Path logs = home.resolve("log");
        if (!Files.isDirectory(logs)) {
            throw new IOException("no logs under " + logs + ": name a folder, or the home by --home");
        }
        try (Stream<Path> years = Files.list(logs)) {
            return years.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static List<NoteVerifier> verifiers(Path folder, @Nullable Path trust)
            throws IOException, UnreadableException, LogException {
        if (trust == null) {
            return List.of();
        }
        String year = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
        List<NoteVerifier> verifiers = new ArrayList<>();
        for (LogKey key : TrustFile.parse(Files.readString(trust)).logKeys()) {
            NoteVerifier verifier = key.verifier();
            if (verifier.name().endsWith("/" + year)) {
                verifiers.add(verifier);
            }
        }
        return verifiers;
    }

    private void print(Path folder, FsckReport report, boolean json) {
        if (json) {
            var object = CanonicalJson.MAPPER.createObjectNode();
            object.put("log", folder.toString())
                    .put("sound", report.sound())
                    .put("size", report.size())
                    .put("signedSize", report.signedSize());
            report.faults().forEach(object.putArray("faults")::add);
            out().println(object);
            return;
        }
        out().println(String.format(
                Locale.ROOT,
                "%s: %,d entries, %,d of them under a signed head: %s",
                folder,
                report.size(),
                report.signedSize(),
                report.sound() ? "sound" : report.faults().size() + " faults"));
        report.faults().forEach(fault -> out().println("  " + fault));
    }

    private int refuse(String reason) {
        if (spec != null) {
            spec.commandLine().getErr().println("log: " + reason);
        }
        return 1;
    }

    private PrintWriter out() {
        if (spec == null) {
            throw new IllegalStateException("run by picocli only");
        }
        return spec.commandLine().getOut();
    }
}
