package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingWitness;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The witnesses that the trust file names, on the pack's checkpoint. */
final class WitnessPolicyTest {
    private static final TestingPack TESTING = new TestingPack();

    private final TestingWitness one = new TestingWitness("w.example/one");
    private final TestingWitness two = new TestingWitness("w.example/two");
    private final TestingWitness three = new TestingWitness("w.example/three");

    @Test
    void enoughOfThemAreSaidByName() {
        byte[] pack = cosigned(one, three);

        assertThat(Verifying.proven(pack, wants(2, one, two, three)).notes())
                .containsExactly("keyproof/log/test/2026 at this size was cosigned by w.example/one, w.example/three:"
                        + " 2 of 3 witnesses that the trust file names, 2 wanted.");
    }

    @Test
    void tooFewAreBroken() {
        assertThat(Verifying.broken(cosigned(one), wants(2, one, two, three)))
                .isEqualTo("log/2026/checkpoint: cosigned by 1 of the 3 witnesses that the trust file names,"
                        + " of which it wants 2");
        assertThat(Verifying.broken(cosigned(), wants(1, one)))
                .isEqualTo("log/2026/checkpoint: cosigned by 0 of the 1 witnesses that the trust file names,"
                        + " of which it wants 1");
    }

    @Test
    void strangersDoNotCount() {
        assertThat(Verifying.broken(cosigned(two, three), wants(1, one))).contains("cosigned by 0 of the 1");
    }

    @Test
    void everyPolicyMustHold() {
        byte[] pack = cosigned(one);

        Verifying.proven(pack, wants(1, one, two));
        assertThat(Verifying.broken(pack, wants(1, one).and(wants(1, two)))).contains("cosigned by 0 of the 1");
    }

    @Test
    void thePolicyIsALineOfTheTrustFile() throws UnreadableException {
        TrustFile trust = wants(2, one, two, three);

        assertThat(trust.text()).contains("witnesses 2 w.example/one+");
        assertThat(TrustFile.parse(trust.text())).isEqualTo(trust);
    }

    @Test
    void onePersonIsNoQuorumOfTwo() throws Exception {
        String vkey = one.verifier().vkey();
        String again = NoteVerifier.cosigner("w.example/again", one.key()).vkey();
        String log = TESTING.verifiers().getFirst().vkey();

        assertThatThrownBy(() -> TrustFile.parse("keyproof-trust/v1\nwitnesses 2 " + vkey + " " + again))
                .hasMessageStartingWith("not a trust file: line 2: a witness counts once: ");
        assertThatThrownBy(() -> TrustFile.parse("keyproof-trust/v1\nwitnesses 2 " + vkey))
                .hasMessageContaining("the quorum is a number from 1 to that of the witnesses");
        assertThatThrownBy(() -> TrustFile.parse("keyproof-trust/v1\nwitnesses 0 " + vkey))
                .hasMessageContaining("the quorum is a number from 1");
        assertThatThrownBy(() -> TrustFile.parse("keyproof-trust/v1\nwitnesses 1 " + log))
                .hasMessageContaining("not a witness's key");
        assertThatThrownBy(() -> TrustFile.parse("keyproof-trust/v1\nlog " + vkey))
                .hasMessageContaining("a witness's key is no log's");
    }

    @Test
    void noLogIsAWitnessOfItsOwn() throws Exception {
        NoteVerifier log = TESTING.verifiers().getFirst();
        NoteVerifier posing = NoteVerifier.cosigner("w.example/posing", log.key());

        assertThatThrownBy(() ->
                        TrustFile.parse("keyproof-trust/v1\nlog " + log.vkey() + "\nwitnesses 1 " + posing.vkey()))
                .hasMessageContaining("no log is a witness of its own");
    }

    private static TrustFile wants(int quorum, TestingWitness... witnesses) {
        TrustFile trust = TESTING.trust();
        return new TrustFile(
                trust.signers(),
                trust.timeStampers(),
                trust.logKeys(),
                trust.approvers(),
                List.of(new WitnessPolicy(
                        quorum,
                        List.of(witnesses).stream()
                                .map(TestingWitness::verifier)
                                .toList())),
                trust.audiences());
    }

    private static byte[] cosigned(TestingWitness... witnesses) {
        return TESTING.pack(TESTING.entries(8), TESTING.signer, files -> {
            for (TestingWitness witness : witnesses) {
                TESTING.cosign(files, witness.cosigner());
            }
        });
    }
}
