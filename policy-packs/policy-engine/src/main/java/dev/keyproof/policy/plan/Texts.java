package dev.keyproof.policy.plan;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What Rego asks of strings. A character is a code point. */
final class Texts {
    /** A policy has few expressions, and they are the same ones each time; one made of an input's text takes the place of one least used. */
    private static final int EXPRESSIONS = 256;

    private Texts() {}

    static void addTo(Map<String, Builtin> all) {
        all.put("contains", of -> holds(of[0], of[1], String::contains));
        all.put("startswith", of -> holds(of[0], of[1], String::startsWith));
        all.put("endswith", of -> holds(of[0], of[1], String::endsWith));
        all.put("lower", of -> each(of[0], Character::toLowerCase));
        all.put("upper", of -> each(of[0], Character::toUpperCase));
        all.put("trim_space", of -> of(of[0], Texts::trimmed));
        all.put("concat", of -> joined(of[0], of[1]));
        all.put("split", of -> split(of[0], of[1]));
        all.put("replace", of -> replaced(of[0], of[1], of[2]));
        all.put("indexof", of -> index(of[0], of[1]));
        all.put("substring", of -> part(of[0], of[1], of[2]));
        all.put("base64.encode", of -> of(of[0], Texts::encoded));
        all.put("base64.decode", of -> decoded(of[0]));
        all.put("json.marshal", of -> new Text(Json.write(of[0])));
        all.put(
                "json.unmarshal",
                of -> of[0] instanceof Text text ? Json.read(text.value()).orElse(null) : null);
        all.put(
                "net.cidr_contains",
                of -> of[0] instanceof Text net && of[1] instanceof Text other
                        ? Cidr.of(net.value())
                                .flatMap(cidr -> cidr.contains(other.value()))
                                .map(Bool::of)
                                .orElse(null)
                        : null);
        Cache<String, Optional<Pattern>> expressions =
                Caffeine.newBuilder().maximumSize(EXPRESSIONS).build();
        all.put(
                "regex.match",
                of -> of[0] instanceof Text expression && of[1] instanceof Text text
                        ? expressions
                                .get(expression.value(), Texts::compiled)
                                .map(pattern ->
                                        Bool.of(pattern.matcher(text.value()).find()))
                                .orElse(null)
                        : null);
        Cache<Glob.Written, Optional<Pattern>> globs =
                Caffeine.newBuilder().maximumSize(EXPRESSIONS).build();
        all.put(
                "glob.match",
                of -> of[0] instanceof Text pattern && of[2] instanceof Text text
                        ? Glob.Written.of(pattern.value(), of[1])
                                .flatMap(glob -> globs.get(
                                        glob, written -> written.expression().flatMap(Texts::compiled)))
                                .map(glob -> Bool.of(glob.matches(text.value())))
                                .orElse(null)
                        : null);
    }

    /** RE2, as Go has it: linear in the text, whatever the expression. Empty where it is none. */
    private static Optional<Pattern> compiled(String expression) {
        try {
            return Optional.of(Pattern.compile(expression));
        } catch (PatternSyntaxException e) {
            return Optional.empty();
        }
    }

    private static @Nullable Value holds(Value a, Value b, BiPredicate<String, String> asked) {
        return a instanceof Text one && b instanceof Text two ? Bool.of(asked.test(one.value(), two.value())) : null;
    }

    private static @Nullable Value of(Value value, UnaryOperator<String> function) {
        return value instanceof Text text ? new Text(function.apply(text.value())) : null;
    }

    /** One by one: no character becomes two, and none looks at its neighbours. */
    private static @Nullable Value each(Value value, IntUnaryOperator function) {
        return of(
                value,
                text -> text.codePoints()
                        .map(function)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString());
    }

    private static String trimmed(String text) {
        int[] points = text.codePoints().toArray();
        int from = 0;
        int to = points.length;
        while (from < to && isSpace(points[from])) {
            from++;
        }
        while (to > from && isSpace(points[to - 1])) {
            to--;
        }
        return new String(points, from, to - from);
    }

    /** Unicode's White_Space. */
    private static boolean isSpace(int point) {
        return (point >= '\t' && point <= '\r') || point == 0x85 || Character.isSpaceChar(point);
    }

    private static @Nullable Value joined(Value delimiter, Value value) {
        List<Value> items =
                value instanceof Arr array ? array.items() : value instanceof Members set ? set.keys() : null;
        if (!(delimiter instanceof Text between)
                || items == null
                || !items.stream().allMatch(Text.class::isInstance)) {
            return null;
        }
        return new Text(items.stream().map(item -> ((Text) item).value()).collect(Collectors.joining(between.value())));
    }

    private static @Nullable Value split(Value value, Value delimiter) {
        if (!(value instanceof Text text) || !(delimiter instanceof Text between)) {
            return null;
        }
        List<Value> parts = new ArrayList<>();
        if (between.value().isEmpty()) {
            text.value().codePoints().forEach(point -> parts.add(new Text(Character.toString(point))));
            return Arr.of(parts);
        }
        int from = 0;
        for (int at = text.value().indexOf(between.value());
                at >= 0;
                at = text.value().indexOf(between.value(), from)) {
            parts.add(new Text(text.value().substring(from, at)));
            from = at + between.value().length();
        }
        parts.add(new Text(text.value().substring(from)));
        return Arr.of(parts);
    }

    /** Nothing stands before and behind each character. */
    private static @Nullable Value replaced(Value value, Value old, Value by) {
        if (!(value instanceof Text text) || !(old instanceof Text out) || !(by instanceof Text in)) {
            return null;
        }
        if (!out.value().isEmpty()) {
            return new Text(text.value().replace(out.value(), in.value()));
        }
        StringBuilder all = new StringBuilder(in.value());
        text.value().codePoints().forEach(point -> all.appendCodePoint(point).append(in.value()));
        return new Text(all.toString());
    }

    private static @Nullable Value index(Value value, Value of) {
        if (!(value instanceof Text text)
                || !(of instanceof Text part)
                || part.value().isEmpty()) {
            return null;
        }
        int at = text.value().indexOf(part.value());
        return Num.of(at < 0 ? -1 : text.value().codePointCount(0, at));
    }

    /** A length below zero goes to the end. */
    private static @Nullable Value part(Value value, Value from, Value length) {
        Integer start = Builtins.whole(from);
        Integer size = Builtins.whole(length);
        if (!(value instanceof Text text) || start == null || size == null || start < 0) {
            return null;
        }
        int points = text.value().codePointCount(0, text.value().length());
        if (start >= points) {
            return new Text("");
        }
        int end = size < 0 ? points : start + Math.min(size, points - start);
        return new Text(text.value()
                .substring(
                        text.value().offsetByCodePoints(0, start), text.value().offsetByCodePoints(0, end)));
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** With its padding, and over line ends, as Go reads it. */
    private static @Nullable Value decoded(Value value) {
        if (!(value instanceof Text text)) {
            return null;
        }
        String digits = text.value().replace("\n", "").replace("\r", "");
        try {
            return digits.length() % 4 == 0
                    ? new Text(new String(Base64.getDecoder().decode(digits), StandardCharsets.UTF_8))
                    : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
