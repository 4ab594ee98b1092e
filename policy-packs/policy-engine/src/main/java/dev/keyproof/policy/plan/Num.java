package dev.keyproof.policy.plan;

import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A decimal number, exact. A whole number that a long holds is always held in one, so that equal numbers are the same inside. */
final class Num implements Value, Comparable<Num> {
    /** Digits before or behind the point, and in all: a number of a few bytes may otherwise have more digits than there is memory. */
    private static final int MOST_DIGITS = 1_000;

    private static final int LONG_DIGITS = 19;
    private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private final long whole;
    /** Null where {@link #whole} is the number. */
    private final @Nullable BigDecimal exact;

    private Num(long whole, @Nullable BigDecimal exact) {
        this.whole = whole;
        this.exact = exact;
    }

    static Num of(long number) {
        return new Num(number, null);
    }

    /** @throws Abort when it has more digits than anything is counted in */
    static Num of(BigDecimal number) {
        BigDecimal bare = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        if (bare.precision() > MOST_DIGITS
                || bare.scale() > MOST_DIGITS
                || (long) bare.precision() - bare.scale() > MOST_DIGITS) {
            throw new Abort("a number has more than " + MOST_DIGITS + " digits");
        }
        if (bare.scale() <= 0
                && bare.precision() - bare.scale() <= LONG_DIGITS
                && bare.compareTo(LEAST) >= 0
                && bare.compareTo(MOST) <= 0) {
            return of(bare.longValueExact());
        }
        return new Num(0, bare);
    }

    boolean isLong() {
        return exact == null;
    }

    /** Only where {@link #isLong()}. */
    long asLong() {
        return whole;
    }

    BigDecimal decimal() {
        return exact == null ? BigDecimal.valueOf(whole) : exact;
    }

    boolean isWhole() {
        return exact == null || exact.scale() <= 0;
    }

    @Override
    public int rank() {
        return 2;
    }

    @Override
    public String type() {
        return "number";
    }

    @Override
    public int compareTo(Num other) {
        return compareToSame(other);
    }

    @Override
    public int compareToSame(Value other) {
        Num number = (Num) other;
        return exact == null && number.exact == null
                ? Long.compare(whole, number.whole)
                : decimal().compareTo(number.decimal());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Num number && whole == number.whole && Objects.equals(exact, number.exact);
    }

    @Override
    public int hashCode() {
        return exact == null ? Long.hashCode(whole) : exact.hashCode();
    }

    /** As JSON has it. */
    @Override
    public String toString() {
        return exact == null ? Long.toString(whole) : isWhole() ? exact.toPlainString() : exact.toString();
    }
}
