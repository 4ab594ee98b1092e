package dev.keyproof.policy.plan;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Arithmetic. Sums, differences and products are exact; a quotient that has no end is rounded to as many digits as OPA computes with. */
final class Numbers {
    private static final MathContext QUOTIENT = new MathContext(20, RoundingMode.HALF_EVEN);
    private static final BigDecimal HALF = new BigDecimal("0.5");
    /** What {@code numbers.range} may make; more is a mistake, and would fill the memory. */
    private static final int MOST_IN_RANGE = 1_000_000;

    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,9})?");

    private Numbers() {}

    static void addTo(Map<String, Builtin> all) {
        all.put("plus", of -> plus(of[0], of[1]));
        all.put("minus", of -> minus(of[0], of[1]));
        all.put("mul", of -> times(of[0], of[1]));
        all.put("div", of -> divided(of[0], of[1]));
        all.put("rem", of -> remainder(of[0], of[1]));
        all.put("abs", of -> of(of[0], BigDecimal::abs));
        all.put("floor", of -> of(of[0], Numbers::floor));
        all.put("round", of -> of(of[0], Numbers::rounded));
        all.put("sum", of -> sum(of[0]));
        all.put("numbers.range", of -> range(of[0], of[1]));
        all.put("to_number", of -> number(of[0]));
        all.put("format_int", of -> formatted(of[0], of[1]));
    }

    private static @Nullable Value plus(Value a, Value b) {
        if (a instanceof Num one && b instanceof Num two && one.isLong() && two.isLong()) {
            long sum = one.asLong() + two.asLong();
            if (((one.asLong() ^ sum) & (two.asLong() ^ sum)) >= 0) {
                return Num.of(sum);
            }
        }
        return of(a, b, BigDecimal::add);
    }

    /** Of sets it is what only the first has. */
    private static @Nullable Value minus(Value a, Value b) {
        if (a instanceof Members one && b instanceof Members two) {
            Members left = Members.empty();
            one.all().stream().filter(member -> !two.all().contains(member)).forEach(left::add);
            return left;
        }
        if (a instanceof Num one && b instanceof Num two && one.isLong() && two.isLong()) {
            long difference = one.asLong() - two.asLong();
            if (((one.asLong() ^ two.asLong()) & (one.asLong() ^ difference)) >= 0) {
                return Num.of(difference);
            }
        }
        return of(a, b, BigDecimal::subtract);
    }

    private static @Nullable Value times(Value a, Value b) {
        if (a instanceof Num one && b instanceof Num two && one.isLong() && two.isLong()) {
            long high = Math.multiplyHigh(one.asLong(), two.asLong());
            long low = one.asLong() * two.asLong();
            if ((high == 0 && low >= 0) || (high == -1 && low < 0)) {
                return Num.of(low);
            }
        }
        return of(a, b, BigDecimal::multiply);
    }

    private static @Nullable Value divided(Value a, Value b) {
        if (!(a instanceof Num one) || !(b instanceof Num two) || two.decimal().signum() == 0) {
            return null;
        }
        if (one.isWhole() && two.isWhole()) {
            BigInteger[] whole = one.decimal()
                    .toBigIntegerExact()
                    .divideAndRemainder(two.decimal().toBigIntegerExact());
            if (whole[1].signum() == 0) {
                return Num.of(new BigDecimal(whole[0]));
            }
        }
        return Num.of(one.decimal().divide(two.decimal(), QUOTIENT));
    }

    /** Of whole numbers, with the sign of the first. */
    private static @Nullable Value remainder(Value a, Value b) {
        if (!(a instanceof Num one) || !(b instanceof Num two) || !one.isWhole() || !two.isWhole()) {
            return null;
        }
        return two.decimal().signum() == 0 ? null : Num.of(one.decimal().remainder(two.decimal()));
    }

    /** As OPA has it, for which what lies between -1 and 0 has no sign any more once it is whole. */
    private static BigDecimal floor(BigDecimal number) {
        BigDecimal whole = number.setScale(0, RoundingMode.DOWN);
        return whole.signum() < 0 ? number.setScale(0, RoundingMode.FLOOR) : whole;
    }

    /** Halves go away from zero. */
    private static BigDecimal rounded(BigDecimal number) {
        return number.signum() < 0
                ? number.subtract(HALF).setScale(0, RoundingMode.CEILING)
                : number.add(HALF).setScale(0, RoundingMode.FLOOR);
    }

    private static @Nullable Value sum(Value of) {
        if (!(of instanceof Arr) && !(of instanceof Members)) {
            return null;
        }
        Value sum = Num.of(0);
        for (Value item : of instanceof Arr array ? array.items() : ((Members) of).all()) {
            Value more = plus(sum, item);
            if (more == null) {
                return null;
            }
            sum = more;
        }
        return sum;
    }

    /** From one to the other, up or down, both included. */
    private static @Nullable Value range(Value a, Value b) {
        if (!(a instanceof Num from) || !(b instanceof Num to) || !from.isWhole() || !to.isWhole()) {
            return null;
        }
        BigDecimal length = to.decimal().subtract(from.decimal()).abs();
        if (length.compareTo(BigDecimal.valueOf(MOST_IN_RANGE)) >= 0) {
            throw new Abort("numbers.range of more than " + MOST_IN_RANGE);
        }
        BigDecimal step = BigDecimal.valueOf(to.compareToSame(from));
        List<Value> numbers = new ArrayList<>(length.intValueExact() + 1);
        BigDecimal at = from.decimal();
        for (int i = 0; i <= length.intValueExact(); i++) {
            numbers.add(Num.of(at));
            at = at.add(step);
        }
        return Arr.of(numbers);
    }

    private static @Nullable Value number(Value value) {
        if (value instanceof Num) {
            return value;
        } else if (value instanceof Nil) {
            return Num.of(0);
        } else if (value instanceof Bool bool) {
            return Num.of(bool == Bool.TRUE ? 1 : 0);
        } else if (value instanceof Text text && NUMBER.matcher(text.value()).matches()) {
            return Num.of(new BigDecimal(text.value()));
        }
        return null;
    }

    private static @Nullable Value formatted(Value value, Value base) {
        Integer radix = Builtins.whole(base);
        if (!(value instanceof Num number) || radix == null) {
            return null;
        }
        return switch (radix) {
            case 2, 8, 10, 16 -> new Text(number.decimal().toBigInteger().toString(radix));
            default -> null;
        };
    }

    private static @Nullable Value of(Value value, UnaryOperator<BigDecimal> function) {
        return value instanceof Num number ? Num.of(function.apply(number.decimal())) : null;
    }

    private static @Nullable Value of(Value a, Value b, BinaryOperator<BigDecimal> function) {
        return a instanceof Num one && b instanceof Num two
                ? Num.of(function.apply(one.decimal(), two.decimal()))
                : null;
    }
}
