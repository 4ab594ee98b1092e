package dev.keyproof.review.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;

/** A review that was not made, as the policy fails its own checks: what these said, in each form that a review has. */
public record ChecksReport(String said) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RULE = "policy/checks";
    private static final String FAILS = "the policy fails its own checks";
    /** More would not fit a comment. */
    private static final int MOST_LETTERS = 20_000;

    /** A comment. */
    public String markdown() {
        String fence = "`".repeat(3);
        while (said.contains(fence)) {
            fence += "`";
        }
        String shown = said.length() > MOST_LETTERS ? said.substring(said.length() - MOST_LETTERS) : said;
        return "## Policy review\n\n**The policy fails its own checks, so nothing was replayed.**\n\n" + fence
                + "text\n" + shown + "\n" + fence + "\n";
    }

    /**
     * SARIF 2.1.0, one result.
     *
     * @param folder of the policy
     */
    public String sarif(Path folder) {
        SarifLog log = new SarifLog();
        log.rule(RULE, FAILS);
        log.result(RULE, "error", said, RepositoryFiles.in(folder).ofAll(), List.of());
        return log.text();
    }

    /** A run of one test that fails. */
    public String junit() {
        return JUnitReport.failed("policy.checks", "checks", FAILS, said);
    }

    public String json() {
        return JSON.createObjectNode().put("checks", "failed").put("said", said).toPrettyString() + "\n";
    }
}
