package dev.keyproof.broker.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyproof.broker.key.Lifecycle.Change;
import dev.keyproof.broker.key.Lifecycle.Use;
import dev.keyproof.broker.key.Terms.Destruction;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A key through its versions, orders and states. */
class KeyTest {
    private static final Instant LATER = Instant.parse("2026-12-01T00:00:00Z");
    private static final DeviceAttributes ATTRIBUTES = new DeviceAttributes(
            true, false, true, true, true, false, false, false, false, true, false, false, false, "EC", 256);
    private static final Destruction ORDER = new Destruction(LATER, 30, "01I", "01A");

    private static KeyVersion version(int number) {
        return new KeyVersion(
                "01K",
                number,
                Algorithm.EC_P256,
                "reference",
                Instant.ofEpochSecond(number),
                "birth",
                new byte[] {1},
                null);
    }

    private static Key key(KeyState state, int versions) {
        Key first = new Key(
                "01K",
                new Description("k", "payments", Map.of(), null, null, Scope.ANY),
                Purpose.SIGN,
                Algorithm.EC_P256,
                state,
                Instant.EPOCH,
                new Terms(90, 0, LATER, null),
                "pkcs11",
                Residence.REPLICATED,
                ATTRIBUTES,
                List.of(version(1)),
                1,
                List.of(),
                1);
        for (int number = 2; number <= versions; number++) {
            first = first.with(version(number), ATTRIBUTES);
        }
        return first;
    }

    private static void refused(Problem problem, String why, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isEqualTo(problem))
                .hasMessage(why);
    }

    @Test
    void theNewestVersionProtectsUntilItIsBackedOut() throws ProblemException {
        Key three = key(KeyState.ACTIVE, 3);
        assertThat(three.current()).isEqualTo(three.newest()).isEqualTo(three.version(3));

        Key back = three.backedOut();

        assertThat(back.protecting()).isEqualTo(2);
        assertThat(back.current()).isEqualTo(three.version(2));
        assertThat(back.newest()).isEqualTo(three.version(3));
        refused(
                Problem.ILLEGAL_STATE,
                "the key has no version before the current one",
                () -> key(KeyState.ACTIVE, 1).backedOut());
        refused(
                Problem.ILLEGAL_STATE,
                "a key that is suspended cannot back out",
                () -> key(KeyState.SUSPENDED, 2).backedOut());
    }

    @Test
    void retiredVersionsProcessNothingUntilTheyProtectAgain() throws ProblemException {
        Key retired = key(KeyState.ACTIVE, 3).retired(LATER);

        assertThat(retired.version(3).retired()).isNull();
        refused(
                Problem.ILLEGAL_STATE,
                "version 2 of the key is retired and processes nothing",
                () -> retired.version(2));
        refused(Problem.INVALID_INPUT, "version: the key has no version 4", () -> retired.version(4));
        assertThat(retired.retired(LATER.plusSeconds(1))).as("once for all").isEqualTo(retired);

        Key back = retired.backedOut();
        assertThat(back.version(2).retired()).isNull();
        refused(Problem.ILLEGAL_STATE, "version 1 of the key is retired and processes nothing", () -> back.version(1));
    }

    @Test
    void destructionErasesWhatIsWrappedAndTheOrder() throws ProblemException {
        Key destroyed = key(KeyState.ACTIVE, 2).ordered(ORDER).after(Change.DESTROY);

        assertThat(destroyed.state()).isEqualTo(KeyState.DESTROYED);
        assertThat(destroyed.terms().destruction()).isNull();
        assertThat(destroyed.versions())
                .allSatisfy(version -> assertThat(version.wrapped()).isNull());
        assertThat(key(KeyState.ACTIVE, 2).after(Change.SUSPEND).versions())
                .allSatisfy(version -> assertThat(version.wrapped()).isNotNull());
    }

    @Test
    void whatTheTableHasNotIsRefusedByName() {
        refused(
                Problem.ILLEGAL_STATE,
                "a key that is pre-active cannot rotate",
                () -> key(KeyState.PRE_ACTIVE, 1).after(Change.ROTATE));
        refused(
                Problem.ILLEGAL_STATE,
                "a key that is suspended and to be destroyed cannot resume",
                () -> key(KeyState.SUSPENDED, 1).ordered(ORDER).after(Change.RESUME));
    }

    @Test
    void aUseThatTheStateDoesNotPermitIsRefused() throws ProblemException {
        key(KeyState.ACTIVE, 1).require(Use.PROTECT);
        key(KeyState.COMPROMISED, 1).require(Use.PROCESS);

        refused(
                Problem.ILLEGAL_STATE,
                "a key that is deactivated protects nothing",
                () -> key(KeyState.DEACTIVATED, 1).require(Use.PROTECT));
        refused(
                Problem.ILLEGAL_STATE,
                "a key that is suspended processes nothing",
                () -> key(KeyState.SUSPENDED, 1).require(Use.PROCESS));
        refused(
                Problem.ILLEGAL_STATE,
                "a key that is to be destroyed protects nothing",
                () -> key(KeyState.ACTIVE, 1).ordered(ORDER).require(Use.PROTECT));
    }

    @Test
    void theDocumentSaysWhatIsStillToCome() {
        KeyDocument waiting = key(KeyState.PRE_ACTIVE, 1).document();
        assertThat(waiting.activates()).isEqualTo("2026-12-01T00:00:00Z");
        assertThat(waiting.destroys()).isNull();
        assertThat(waiting.scope()).isNull();

        Key ordered = key(KeyState.ACTIVE, 2)
                .ordered(ORDER)
                .described(new Description("k", "payments", Map.of(), null, null, new Scope("shop", null, null)), null);
        KeyDocument document = ordered.document();
        assertThat(document.activates()).isNull();
        assertThat(document.destroys()).isEqualTo("2026-12-01T00:00:00Z");
        assertThat(document.scope()).isEqualTo(new Scope("shop", null, null));
        assertThat(document.version()).isEqualTo(2);
        assertThat(document.rotated()).isEqualTo("1970-01-01T00:00:02Z");
        assertThat(document.rotationPeriodDays()).isNull();
        assertThat(HeldKey.json(ordered).path("state").asText()).isEqualTo("active");
        assertThat(HeldKey.json(ordered).path("purpose").asText()).isEqualTo("sign");
        assertThat(HeldKey.json(ordered).path("residence").asText()).isEqualTo("replicated");
        assertThat(ordered.current().toString()).isEqualTo("KeyVersion[01K/2]");
    }

    @Test
    void namesInTheApiAreReadAsTheyAreWritten() {
        assertThat(KeyState.PRE_ACTIVE.json()).isEqualTo("pre-active");
        assertThat(KeyState.values())
                .allSatisfy(one -> assertThat(KeyState.of(one.json())).isEqualTo(one));
        assertThat(Purpose.values())
                .allSatisfy(one -> assertThat(Purpose.of(one.json())).isEqualTo(one));
    }

    @Test
    void aTagIsMetByItselfOrAnyByTheStrongComparison() {
        assertThat(EntityTag.of(7)).isEqualTo("\"r7\"");
        assertThat(EntityTag.met("\"r7\"", 7)).isTrue();
        assertThat(EntityTag.met("\"r6\", \"r7\"", 7)).isTrue();
        assertThat(EntityTag.met("*", 7)).isTrue();
        assertThat(EntityTag.met("\"r8\"", 7)).isFalse();
        assertThat(EntityTag.met("W/\"r7\"", 7)).isFalse();
        assertThat(EntityTag.met("", 7)).isFalse();
    }

    @Test
    void algorithmsSayWhatTheirKeysDo() {
        assertThat(Arrays.stream(Algorithm.values()).filter(Algorithm::isPair))
                .containsExactly(
                        Algorithm.RSA_2048,
                        Algorithm.RSA_3072,
                        Algorithm.RSA_4096,
                        Algorithm.RSA_OAEP_2048,
                        Algorithm.RSA_OAEP_3072,
                        Algorithm.RSA_OAEP_4096,
                        Algorithm.EC_P256,
                        Algorithm.EC_P384,
                        Algorithm.EC_P521,
                        Algorithm.ED25519);
        assertThat(Arrays.stream(Algorithm.values()).filter(Algorithm::bindsContext))
                .containsExactly(Algorithm.AES_256_GCM);
        assertThat(Algorithm.AES_256_GCM.room()).isEqualTo(Integer.MAX_VALUE);
        assertThat(Algorithm.RSA_OAEP_2048.room()).isEqualTo(190);
        assertThat(Algorithm.EC_P521.bits()).isEqualTo(521);
        assertThat(Algorithm.HMAC_SHA384.keyType()).isEqualTo("GENERIC_SECRET");
        assertThat(Algorithm.HMAC_SHA256.purposes()).containsExactly(Purpose.MAC, Purpose.DERIVE);
    }
}
