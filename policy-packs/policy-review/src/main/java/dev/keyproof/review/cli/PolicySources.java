package dev.keyproof.review.cli;

import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Builds bundles from a folder of policy: as it stands, and as it stood at another revision. The folder's own {@code build.sh} checks
 * format, types, lint, tests and coverage first, so that a bundle there is has passed them.
 */
final class PolicySources {
    /** By which git says that it found nothing. */
    private static final int UNKNOWN = 1;

    private final Path named;
    private final Path folder;
    private final Path keyproof;
    private final Path scratch;

    /** What a program said, and how it ended. */
    private record Ended(int code, String said) {}

    /**
     * The sources in a folder.
     *
     * @param keyproof a checkout of Keyproof, which a {@code build.sh} finds as {@code $KEYPROOF}: a policy may be laid over its packs
     * @param scratch an empty folder for what is built
     */
    PolicySources(Path folder, Path keyproof, Path scratch) {
        this.named = folder;
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
        if (!Files.isDirectory(folder)) {
            throw new ReviewException("there is no folder " + named);
        }
        Ended found =
                ended(folder, "git", "rev-parse", "--quiet", "--verify", "--end-of-options", revision + "^{commit}");
        if (found.code() == UNKNOWN) {
            throw new ReviewException(
                    "there is no revision " + revision + " (in a shallow clone fetch it: fetch-depth 0)");
        }
        Ended left = ended(folder, "git", "merge-base", "HEAD", revision);
        if (left.code() == UNKNOWN) {
            throw new ReviewException("what is checked out never left " + revision
                    + ": they have no commit in common (in a shallow clone fetch it: fetch-depth 0)");
        }
        return succeeded("git", left).strip();
    }

    /** The bundle of a commit. */
    PolicyBundle base(String commit) throws ReviewException {
        Path root = Path.of(git("rev-parse", "--show-toplevel").strip());
        Path tree = scratch.resolve("base");
        git("worktree", "add", "--detach", tree.toString(), commit);
        try {
            return built(tree.resolve(root.relativize(folder)), scratch.resolve("base.tar.gz"), commit);
        } finally {
            git("worktree", "remove", "--force", tree.toString());
        }
    }

    private PolicyBundle built(Path sources, Path bundle, String what) throws ReviewException {
        if (!Files.exists(sources.resolve("build.sh"))) {
            throw new ReviewException("the policy of " + what + " has no build.sh in " + named);
        }
        Ended build = ended(sources, "sh", "build.sh", bundle.toString());
        if (build.code() != 0) {
            throw new FailedChecksException(refused(build.said(), what));
        }
        try {
            return PolicyBundle.read(bundle);
        } catch (PolicyException e) {
            throw new ReviewException("the policy of " + what + " does not load: " + e.getMessage(), e);
        }
    }

    /** Why comes first: a build says it last. Where on this machine it was built is nobody's concern. */
    private String refused(String said, String what) {
        String plain = said.strip().replaceAll(Pattern.quote(scratch.toString()) + "/(base/|tmp[.][^/]*/)?", "");
        int last = plain.lastIndexOf('\n') + 1;
        String before = plain.substring(0, last).strip();
        return (plain.isEmpty() ? "build.sh fails" : plain.substring(last)) + " (the policy of " + what + ")"
                + (before.isEmpty() ? "" : ":\n" + before);
    }

    private String git(String... words) throws ReviewException {
        return succeeded(
                "git " + words[0],
                ended(folder, Stream.concat(Stream.of("git"), Stream.of(words)).toArray(String[]::new)));
    }

    private static String succeeded(String what, Ended ended) throws ReviewException {
        if (ended.code() != 0) {
            throw new ReviewException(what + " fails: " + ended.said().strip());
        }
        return ended.said();
    }

    /** Temporary files go where all else that is temporary does. */
    private Ended ended(Path in, String... words) throws ReviewException {
        ProcessBuilder command =
                new ProcessBuilder(words).directory(in.toFile()).redirectErrorStream(true);
        command.environment().put("KEYPROOF", keyproof.toString());
        command.environment().put("TMPDIR", scratch.toString());
        try {
            Process process = command.start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), said);
        } catch (IOException e) {
            throw new ReviewException(words[0] + " cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReviewException("interrupted", e);
        }
    }
}
