package dev.keyproof.policy.plan;

import org.jspecify.annotations.Nullable;

/** A string. Comparable, so that a table of many with one hash, which an input may be full of, is still searched by halves. */
record Text(String value) implements Value, Comparable<Text> {
    @Override
    public int rank() {
        return 3;
    }

    @Override
    public String type() {
        return "string";
    }

    @Override
    public int compareTo(Text other) {
        return compareToSame(other);
    }

    /** By code points, as UTF-8's bytes are ordered; UTF-16 puts what is beyond 16 bits before the last of those within. */
    @Override
    public int compareToSame(Value other) {
        String one = value;
        String two = ((Text) other).value;
        int common = Math.min(one.length(), two.length());
        for (int i = 0; i < common; i++) {
            char a = one.charAt(i);
            char b = two.charAt(i);
            if (a != b) {
                boolean high = Character.isSurrogate(a);
                return high == Character.isSurrogate(b) ? Character.compare(a, b) : high ? 1 : -1;
            }
        }
        return Integer.compare(one.length(), two.length());
    }

    /** Of its own, for a record's goes through a method handle for each of a million look-ups. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Text text && value.equals(text.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }
}
