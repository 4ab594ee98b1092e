package dev.keyproof.evidence.search;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where an entry stands; results are in this order. */
public record Place(int year, long index) implements Comparable<Place> {
    private static final Pattern FORM = Pattern.compile("([0-9]{4})-([0-9]{1,15})");

    static Optional<Place> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(new Place(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public int compareTo(Place other) {
        return year == other.year ? Long.compare(index, other.index) : Integer.compare(year, other.year);
    }

    @Override
    public String toString() {
        return year + "-" + index;
    }
}
