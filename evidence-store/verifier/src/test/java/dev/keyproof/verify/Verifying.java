package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** What the verifier says of a pack in memory. */
final class Verifying {
    private Verifying() {}

    static Verdict verify(byte[] pack, @Nullable TrustFile trust) {
        return verify(pack, trust, Clock.systemUTC());
    }

    static Verdict verify(byte[] pack, @Nullable TrustFile trust, Clock clock) {
        return new PackVerifier(clock).verify(MemorySegment.ofArray(pack), trust, false);
    }

    /** The first fault. */
    static String broken(byte[] pack, @Nullable TrustFile trust) {
        Verdict verdict = verify(pack, trust);
        assertThat(verdict).isInstanceOf(Verdict.Broken.class);
        return ((Verdict.Broken) verdict).first().toString();
    }

    static Summary proven(byte[] pack, TrustFile trust) {
        Verdict verdict = verify(pack, trust);
        assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Proven.class);
        return ((Verdict.Proven) verdict).summary();
    }
}
