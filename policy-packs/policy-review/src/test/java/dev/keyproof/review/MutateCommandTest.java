package dev.keyproof.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.review.cli.PolicyCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the tests of a policy hold, and what they let pass. */
class MutateCommandTest {
    private static final String RULE = """
            package keyproof.rules.a.b

            import data.keyproof.parameters

            faults contains "old" if input.age > parameters.days

            faults contains "loose" if {
            	not input.bound
            	input.kind == "key"
            }

            default strict := false

            strict if input.age + 1 < 3
            """;

    private static final String TEST = """
            package keyproof.rules.a.b_test

            import data.keyproof.rules.a.b

            test_old if {
            	b.faults == {"old"} with input as {"age": 8, "bound": true}
            	b.faults == set() with input as {"age": 6, "bound": true}
            }

            test_loose if b.faults == {"loose"} with input as {"age": 1, "kind": "key"}

            test_strict if {
            	b.strict with input as {"age": 1}
            	not b.strict with input as {"age": 2}
            }
            """;

    @TempDir
    Path packs;

    @BeforeEach
    void policy() throws IOException {
        write("rules/a/b/rule.rego", RULE);
        write("rules/a/b/rule_test.rego", TEST);
        write("parameters/data.json", "{\"days\": 7}");
        write("frameworks/none/data.json", "{}");
        write("schemas/parameters.json", "{}");
    }

    @Test
    void whatNoTestNoticesIsNamed() throws Exception {
        Said said = mutate("--threshold", "93");

        // No test asks what is so at the bound itself.
        assertThat(said.out()).isEqualTo("""
                **92 %** of 13 mutants were noticed by a test; 0 more do not compile.

                | file | score | noticed | missed | not compiled |
                |---|--:|--:|--:|--:|
                | rules/a/b/rule.rego | 92 % | 12 | 1 | 0 |

                - `rules/a/b/rule.rego:5:36: > -> >=`
                """);
        assertThat(said.code()).isEqualTo(1);
    }

    @Test
    void whatTheTestsHoldPasses() throws Exception {
        assertThat(mutate("rules/a", "--threshold", "80").code()).isZero();
        Said nothing = mutate("rules/other");
        assertThat(nothing.code()).isZero();
        assertThat(nothing.out()).startsWith("**100 %** of 0 mutants");
    }

    @Test
    void aPolicyWhoseTestsFailIsNotTried() throws Exception {
        write("parameters/data.json", "{\"days\": 9}");

        Said said = mutate();

        assertThat(said.code()).isEqualTo(2);
        assertThat(said.err()).contains("keyproof: the policy's own tests fail: rules/a/b/rule_test.rego: test_old");
    }

    @Test
    void aFolderWithoutRulesIsNoCheckoutOfThePacks() throws Exception {
        Path other = Files.createDirectory(packs.resolve("other"));
        write("other/rules/a/b.md", "# What is checked");

        Said said = run("--packs", other.toString());

        assertThat(said.code()).isEqualTo(2);
        assertThat(said.err())
                .isEqualTo("keyproof: mutate works on a checkout of the packs: " + other + " has no rules\n");
    }

    /** Its tests ask nothing of it; a test of all rules stands in lib, and fails where only some of them are. */
    @Test
    void aPolicyWhoseTestsHoldNothingIsNoticedByNone() throws Exception {
        write("rules/a/b/rule_test.rego", """
                package keyproof.rules.a.b_test

                import data.keyproof.rules.a.b

                test_something if is_set(b.faults) with input as {}
                """);
        write("rules/c/d/rule.rego", "package keyproof.rules.c.d\n\nfaults contains \"never\" if input.never\n");
        write("lib/all_test.rego", """
                package keyproof.all_test

                test_all_rules_are_there if {
                	{subject | data.keyproof.rules[subject]} == {"a", "c"}
                	data.keyproof.parameters.days > 0
                }
                """);

        Said said = mutate();

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out())
                .startsWith("**0 %** of 14 mutants")
                .contains("| rules/a/b/rule.rego | 0 % | 0 | 13 | 0 |")
                .contains("| rules/c/d/rule.rego | 0 % | 0 | 1 | 0 |");
    }

    /** No test stands beside it, and one elsewhere holds it. */
    @Test
    void aTestFromElsewhereHoldsWhatItReads() throws Exception {
        write("lib/bound.rego", "package keyproof.bound\n\nloose(input_age) if input_age > 3\n");
        write("rules/a/c/rule_test.rego", """
                package keyproof.rules.a.c_test

                import data.keyproof.bound

                test_bound if {
                	bound.loose(4)
                	not bound.loose(3)
                }
                """);

        assertThat(mutate("lib").out()).contains("| lib/bound.rego | 100 % | 3 | 0 | 0 |");
    }

    /** Sets cannot be added. */
    @Test
    void whatDoesNotCompileCountsForNothing() throws Exception {
        write("rules/a/c/rule.rego", "package keyproof.rules.a.c\n\nleft := {input.first} - {input.second}\n");

        Said said = mutate("rules/a/c");

        assertThat(said.out())
                .startsWith("**100 %** of 0 mutants were noticed by a test; 1 more do not compile.")
                .contains("| rules/a/c/rule.rego | 100 % | 0 | 0 | 1 |");
    }

    /** The packs that ship: nine of ten mutants at least. */
    @Test
    @Tag("deep")
    void thePacksAreHeldByTheirTests() {
        Said said = run("--packs", Path.of("../packs").toString(), "--threshold", "90");

        assertThat(said.code()).as(said.out()).isZero();
    }

    private void write(String file, String text) throws IOException {
        Path path = packs.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private record Said(int code, String out, String err) {}

    private Said mutate(String... more) {
        String[] words = new String[more.length + 2];
        words[0] = "--packs";
        words[1] = packs.toString();
        System.arraycopy(more, 0, words, 2, more.length);
        return run(words);
    }

    private static Said run(String... options) {
        String[] words = new String[options.length + 1];
        words[0] = "mutate";
        System.arraycopy(options, 0, words, 1, options.length);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(new PolicyCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words);
        return new Said(code, out.toString(), err.toString());
    }
}
