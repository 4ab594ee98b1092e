package dev.keyproof.review.cli;

import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Builds bundles from a folder of policy: as it stands, and as it stood at another revision. The folder's own {@code build.sh} checks
 * format, types, lint, tests and coverage first, so that a bundle there is has passed them.
 */
final class PolicySources {
    private static final String SHELL = "sh";

    private final Path folder;
    private final Path keyproof;
    private final Path scratch;

    /**
     * The sources in a folder.
     *
     * @param keyproof a checkout of Keyproof, which a {@code build.sh} finds as {@code $KEYPROOF}: a policy may be laid over its packs
     * @param scratch an empty folder for what is built
     */
    PolicySources(Path folder, Path keyproof, Path scratch) {
        this.folder = folder.toAbsolutePath().normalize();
        this.keyproof = keyproof.toAbsolutePath().normalize();
        this.scratch = scratch;
    }

    /** @throws FailedChecksException when it is not as its own checks ask */
    PolicyBundle head() throws ReviewException {
        return built(folder, scratch.resolve("head.tar.gz"), "the working tree");
    }

    /** The commit at which what is checked out left that revision. */
    String left(String revision) throws ReviewException {
        return run(folder, "git", "merge-base", "HEAD", revision).strip();
    }

    /** The bundle of a commit. */
    PolicyBundle base(String commit) throws ReviewException {
        Path root = Path.of(run(folder, "git", "rev-parse", "--show-toplevel").strip());
        Path tree = scratch.resolve("base");
        run(folder, "git", "worktree", "add", "--detach", tree.toString(), commit);
        try {
            return built(tree.resolve(root.relativize(folder)), scratch.resolve("base.tar.gz"), commit);
        } finally {
            run(folder, "git", "worktree", "remove", "--force", tree.toString());
        }
    }

    private PolicyBundle built(Path sources, Path bundle, String what) throws ReviewException {
        if (!Files.exists(sources.resolve("build.sh"))) {
            throw new ReviewException("the policy of " + what + " has no build.sh in " + sources);
        }
        run(sources, SHELL, sources.resolve("build.sh").toString(), bundle.toString());
        try {
            return PolicyBundle.read(bundle);
        } catch (PolicyException e) {
            throw new ReviewException("the policy of " + what + " does not load: " + e.getMessage(), e);
        }
    }

    private String run(Path in, String... words) throws ReviewException {
        ProcessBuilder command =
                new ProcessBuilder(words).directory(in.toFile()).redirectErrorStream(true);
        command.environment().put("KEYPROOF", keyproof.toString());
        try {
            Process process = command.start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                String reason = String.join(" ", words) + " fails:\n" + said.strip();
                throw words[0].equals(SHELL) ? new FailedChecksException(reason) : new ReviewException(reason);
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
