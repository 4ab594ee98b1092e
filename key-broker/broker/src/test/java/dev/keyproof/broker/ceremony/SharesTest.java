package dev.keyproof.broker.ceremony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.keyproof.broker.approval.Approver;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SharesTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private static List<Approver> custodians(int count) {
        List<Approver> custodians = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            custodians.add(new Approver("custodian-" + i, KEY, "thumbprint-" + i, List.of("custodian"), null, null));
        }
        return custodians;
    }

    private static final ECKey KEY = key();

    private static ECKey key() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID("c").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Transcript transcript(String id, int threshold, List<Share> shares) {
        return new Transcript(
                id,
                "2026-11-25T00:00:00Z",
                "00",
                threshold,
                shares.stream()
                        .map(share ->
                                new Transcript.Held(share.number(), share.custodian(), "thumbprint", share.digest()))
                        .toList(),
                List.of("token"),
                "token");
    }

    @Property(tries = 200)
    void enoughSharesGiveTheSecretBackAndTooFewAreRefused(
            @ForAll @Size(32) byte[] secret,
            @ForAll @IntRange(min = 2, max = 6) int threshold,
            @ForAll @IntRange(min = 0, max = 3) int more,
            @ForAll long seed)
            throws CeremonyException {
        List<Share> shares = Shares.split("01A", secret, threshold, custodians(threshold + more), RANDOM);
        Transcript transcript = transcript("01A", threshold, shares);
        List<Share> some = new ArrayList<>(shares);
        Collections.shuffle(some, new Random(seed));

        assertThat(Shares.combine(transcript, some.subList(0, threshold))).isEqualTo(secret);
        assertThat(Shares.combine(transcript, some)).isEqualTo(secret);
        assertThatThrownBy(() -> Shares.combine(transcript, some.subList(0, threshold - 1)))
                .isInstanceOf(CeremonyException.class)
                .hasMessageContaining("too few");
    }

    @Property(tries = 100)
    void anAlteredForeignOrDoubledShareIsNamed(
            @ForAll @Size(32) byte[] secret,
            @ForAll @IntRange(min = 0, max = 31) int at,
            @ForAll @IntRange(min = 1, max = 255) int flip)
            throws CeremonyException {
        List<Share> shares = Shares.split("01A", secret, 2, custodians(3), RANDOM);
        Transcript transcript = transcript("01A", 2, shares);
        byte[] altered = shares.get(1).value().clone();
        altered[at] ^= (byte) flip;
        Share bad = new Share("01A", 2, "custodian-1", altered);
        Share foreign = Shares.split("01B", secret, 2, custodians(3), RANDOM).get(1);

        assertThatThrownBy(() -> Shares.combine(transcript, List.of(shares.get(0), bad)))
                .hasMessage("share 2 of custodian-1 was altered");
        assertThatThrownBy(() -> Shares.combine(transcript, List.of(shares.get(0), foreign)))
                .hasMessageContaining("another ceremony");
        assertThatThrownBy(() -> Shares.combine(transcript, List.of(shares.get(0), shares.get(0))))
                .hasMessageContaining("there twice");
    }

    @Test
    void anEnvelopeOpensForItsCustodianAlone() throws Exception {
        Share share = new Share("01A", 1, "c", new byte[] {1, 2, 3});
        String jwe = Envelope.close(share, new Approver("c", KEY.toPublicJWK(), "t", List.of(), null, null));

        assertThat(Envelope.open(jwe, KEY).value()).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> Envelope.open(jwe, key())).hasMessageContaining("does not open");
        assertThatThrownBy(() -> Envelope.open(jwe.substring(0, jwe.length() - 4) + "AAAA", KEY))
                .isInstanceOf(CeremonyException.class);
        assertThatThrownBy(() -> Envelope.open("nonsense", KEY)).isInstanceOf(CeremonyException.class);
        assertThat(jwe).doesNotContain("AQID");
    }

    @Test
    void aThresholdOfOneIsNone() {
        assertThatThrownBy(() -> Shares.split("01A", new byte[32], 1, custodians(3), RANDOM))
                .isInstanceOf(CeremonyException.class);
        assertThatThrownBy(() -> Shares.split("01A", new byte[32], 4, custodians(3), RANDOM))
                .isInstanceOf(CeremonyException.class);
    }
}
