package dev.keyproof.review.cli;

import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds bundles from a folder of policy: as it stands, and as it stood at another revision. The folder's own {@code build.sh} checks
 * format, types, lint, tests and coverage first, so that a bundle there is has passed them.
 */
final class PolicySources {
    private final Path folder;
    private final Path scratch;

    /** @param scratch an empty folder for what is built */
    PolicySources(Path folder, Path scratch) {
        this.folder = folder.toAbsolutePath().normalize();
        this.scratch = scratch;
    }

    PolicyBundle head() throws ReviewException {
        return built(folder, scratch.resolve("head.tar.gz"), "the working tree");
    }

    /** The bundle of the revision from which the head goes off from that one. */
    PolicyBundle base(String revision) throws ReviewException {
        Path root = Path.of(run(folder, "git", "rev-parse", "--show-toplevel").strip());
        String from = run(folder, "git", "merge-base", "HEAD", revision).strip();
        Path tree = scratch.resolve("base");
        run(folder, "git", "worktree", "add", "--detach", tree.toString(), from);
        try {
            return built(tree.resolve(root.relativize(folder)), scratch.resolve("base.tar.gz"), revision);
        } finally {
            run(folder, "git", "worktree", "remove", "--force", tree.toString());
        }
    }

    private static PolicyBundle built(Path sources, Path bundle, String what) throws ReviewException {
        if (!Files.exists(sources.resolve("build.sh"))) {
            throw new ReviewException("the policy of " + what + " has no build.sh in " + sources);
        }
        run(sources, "sh", sources.resolve("build.sh").toString(), bundle.toString());
        try {
            return PolicyBundle.read(bundle);
        } catch (PolicyException e) {
            throw new ReviewException("the policy of " + what + " does not load: " + e.getMessage(), e);
        }
    }

    private static String run(Path in, String... words) throws ReviewException {
        List<String> command = new ArrayList<>(List.of(words));
        try {
            Process process = new ProcessBuilder(command)
                    .directory(in.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new ReviewException(String.join(" ", words) + " fails:\n" + said.strip());
            }
            return said;
        } catch (IOException e) {
            throw new ReviewException(words[0] + " cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReviewException("interrupted", e);
        }
    }
}
