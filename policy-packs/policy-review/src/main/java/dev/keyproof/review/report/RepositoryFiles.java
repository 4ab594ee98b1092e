package dev.keyproof.review.report;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The files of a policy, each by its URI from the root of the repository that it is in. */
final class RepositoryFiles {
    /** What says the policy's values, or else what makes it. */
    private static final List<String> OF_ALL = List.of("overlay.json", "parameters/data.json", "build.sh");

    private final Path root;
    private final Path folder;

    private RepositoryFiles(Path root, Path folder) {
        this.root = root;
        this.folder = folder;
    }

    /** Those in a folder, which is its own root where it is in no repository. */
    static RepositoryFiles in(Path named) {
        Path folder = named.toAbsolutePath().normalize();
        Path root = folder;
        while (root != null && !Files.exists(root.resolve(".git"))) {
            root = root.getParent();
        }
        return new RepositoryFiles(root == null ? folder : root, folder);
    }

    /** The rule's own, where the folder has it: of one that comes from elsewhere it has the values at most. */
    String ofRule(String rule) {
        Path file = folder.resolve("rules").resolve(rule).resolve("rule.rego").normalize();
        return file.startsWith(folder) && Files.isRegularFile(file) ? uri(file) : ofAll();
    }

    /** The one that every decision hangs on. */
    String ofAll() {
        return uri(OF_ALL.stream()
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseGet(() -> folder.resolve(OF_ALL.getLast())));
    }

    private String uri(Path file) {
        String path = StreamSupport.stream(root.relativize(file).spliterator(), false)
                .map(Path::toString)
                .collect(Collectors.joining("/", "/", ""));
        try {
            // A colon in the first name would end a scheme.
            return new URI(null, null, path, null).toASCIIString().substring(1).replace(":", "%3A");
        } catch (URISyntaxException e) {
            throw new IllegalStateException("every path can be encoded", e);
        }
    }
}
