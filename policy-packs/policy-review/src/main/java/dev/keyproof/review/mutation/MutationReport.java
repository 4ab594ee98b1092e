package dev.keyproof.review.mutation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of each mutant.
 *
 * @param files what became of those of each
 * @param missed in the order of the files; no test noticed them
 */
public record MutationReport(Map<String, Tally> files, List<Mutant> missed) {
    /**
     * The mutants of a file.
     *
     * @param noticed by a test that passes without the mutant and does not with it
     * @param missed by every test
     * @param uncompiled by opa: they say nothing of the tests and count for nothing
     */
    public record Tally(int noticed, int missed, int uncompiled) {
        /** How many of those that compile were noticed, in percent, rounded down; 100 if there are none. */
        public int score() {
            int all = noticed + missed;
            return all == 0 ? 100 : noticed * 100 / all;
        }

        private static Tally of(Fate fate) {
            return switch (fate) {
                case NOTICED -> new Tally(1, 0, 0);
                case MISSED -> new Tally(0, 1, 0);
                case UNCOMPILED -> new Tally(0, 0, 1);
            };
        }

        private Tally and(Tally other) {
            return new Tally(noticed + other.noticed, missed + other.missed, uncompiled + other.uncompiled);
        }
    }

    public MutationReport {
        files = Map.copyOf(files);
        missed = List.copyOf(missed);
    }

    static MutationReport of(List<Mutant> mutants, List<Fate> fates) {
        TreeMap<String, Tally> files = new TreeMap<>();
        List<Mutant> missed = new ArrayList<>();
        for (int i = 0; i < mutants.size(); i++) {
            Mutant mutant = mutants.get(i);
            Fate fate = fates.get(i);
            files.merge(mutant.file(), Tally.of(fate), Tally::and);
            if (fate == Fate.MISSED) {
                missed.add(mutant);
            }
        }
        return new MutationReport(files, missed);
    }

    /** What can become of a mutant. */
    enum Fate {
        NOTICED,
        MISSED,
        UNCOMPILED
    }

    public int score() {
        return sum().score();
    }

    private Tally sum() {
        return files.values().stream().reduce(new Tally(0, 0, 0), Tally::and);
    }

    /** For people: the score, that of each file, and the mutants that were missed. */
    public String markdown() {
        StringBuilder text = new StringBuilder();
        Tally sum = sum();
        text.append("**%d %%** of %d mutants were noticed by a test; %d more do not compile.\n"
                .formatted(sum.score(), sum.noticed() + sum.missed(), sum.uncompiled()));
        if (!files.isEmpty()) {
            text.append("\n| file | score | noticed | missed | not compiled |\n|---|--:|--:|--:|--:|\n");
            new TreeMap<>(files)
                    .forEach((file, tally) -> text.append("| %s | %d %% | %d | %d | %d |\n"
                            .formatted(file, tally.score(), tally.noticed(), tally.missed(), tally.uncompiled())));
        }
        if (!missed.isEmpty()) {
            text.append('\n');
            missed.forEach(mutant -> text.append("- `").append(mutant).append("`\n"));
        }
        return text.toString();
    }
}
