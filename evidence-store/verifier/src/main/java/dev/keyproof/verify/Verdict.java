package dev.keyproof.verify;

import java.util.List;

/** How a verification ended. */
public sealed interface Verdict {
    /** The exit code of the command. */
    int exitCode();

    /** Everything holds, and the anchor proves who signed. */
    record Proven(Summary summary) implements Verdict {
        @Override
        public int exitCode() {
            return 0;
        }
    }

    /** Everything holds together, but only the pack itself says who signed. */
    record SignerUnproven(Summary summary) implements Verdict {
        @Override
        public int exitCode() {
            return 3;
        }
    }

    /** Altered, incomplete, or signed by somebody whom the anchor does not name; the first fault comes first. */
    record Broken(List<Fault> faults, Summary summary) implements Verdict {
        public Broken {
            faults = List.copyOf(faults);
        }

        public Fault first() {
            return faults.getFirst();
        }

        @Override
        public int exitCode() {
            return 1;
        }
    }

    /** No pack, or not readable. */
    record Unreadable(String reason) implements Verdict {
        @Override
        public int exitCode() {
            return 2;
        }
    }
}
