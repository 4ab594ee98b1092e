package dev.keyproof.policy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is asked at one place of a document: the whole of it, the fields below it, or, where it is neither, whether it is there and false. */
final class Asked {
    private final String name;
    private final byte[] letters;
    private final int number;
    private final Asked[] fields;
    /** The numbers of the places that must be there for the whole to be read: all of one of these. */
    private final int[][] givens;

    /**
     * One place.
     *
     * @param number from 0, each another
     * @param givens places that must be there for the whole to be read: all of one of these
     */
    Asked(String name, int number, List<Asked> fields, Set<Set<Integer>> givens) {
        this.name = name;
        this.letters = name.getBytes(StandardCharsets.UTF_8);
        this.number = number;
        this.fields = fields.toArray(new Asked[0]);
        this.givens = givens.stream()
                .map(given -> given.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }

    Optional<Asked> field(String field) {
        return Arrays.stream(fields).filter(asked -> asked.name.equals(field)).findFirst();
    }

    String name() {
        return name;
    }

    boolean isNamed(byte[] text, int from, int to) {
        return letters.length == to - from && Arrays.equals(letters, 0, letters.length, text, from, to);
    }

    int number() {
        return number;
    }

    /** Not to be changed. */
    Asked[] fields() {
        return fields;
    }

    /** Whether the whole may be read. */
    boolean isWhole() {
        return givens.length > 0;
    }

    /** Whether the whole is read of what was scanned. */
    boolean isRead(JsonScan scan) {
        for (int[] given : givens) {
            boolean all = true;
            for (int place : given) {
                all &= scan.found(place);
            }
            if (all) {
                return true;
            }
        }
        return false;
    }
}
