package dev.keyproof.review.mutation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of each mutant.
 *
 * @param killed by some test, in each file
 * @param survived in the order of the files; no test noticed them
 * @param invalid that opa does not compile, and that count for nothing
 */
public record MutationReport(Map<String, Integer> killed, List<Mutant> survived, int invalid) {
    public MutationReport {
        killed = Map.copyOf(killed);
        survived = List.copyOf(survived);
    }

    /** How many of those that compile were killed, in percent, rounded down; 100 if there are none. */
    public int score() {
        int all = sum() + survived.size();
        return all == 0 ? 100 : sum() * 100 / all;
    }

    private int sum() {
        return killed.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** For people: the score, that of each file with survivors, and these. */
    public String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("**")
                .append(score())
                .append(" %** of ")
                .append(sum() + survived.size())
                .append(" mutants were killed by a test; ")
                .append(invalid)
                .append(" more do not compile.\n");
        TreeMap<String, Integer> left = new TreeMap<>();
        survived.forEach(mutant -> left.merge(mutant.file(), 1, Integer::sum));
        if (!left.isEmpty()) {
            text.append("\n| file | killed | survived |\n|---|---|---|\n");
            left.forEach((file, count) -> text.append("| ")
                    .append(file)
                    .append(" | ")
                    .append(killed.getOrDefault(file, 0))
                    .append(" | ")
                    .append(count)
                    .append(" |\n"));
            text.append('\n');
            survived.forEach(mutant -> text.append("- `").append(mutant).append("`\n"));
        }
        return text.toString();
    }
}
