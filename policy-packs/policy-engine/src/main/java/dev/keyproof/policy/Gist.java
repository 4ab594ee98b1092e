package dev.keyproof.policy;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** All that was asked at a place of a document and is read, in a form of its own: where two are equal, the answers are. */
public final class Gist {
    private static final byte NOT_THERE = 0;
    private static final byte READ = 1;

    private byte[] form = new byte[1024];
    private int length;
    private int hash;

    private Gist() {}

    static Gist of(byte[] document, JsonScan scan, Asked place) {
        Gist gist = new Gist();
        gist.add(document, scan, place);
        gist.form = Arrays.copyOf(gist.form, gist.length);
        gist.hash = Arrays.hashCode(gist.form);
        return gist;
    }

    private void add(byte[] document, JsonScan scan, Asked place) {
        if (!scan.found(place)) {
            put(NOT_THERE);
            return;
        }
        int from = scan.from(place);
        if (place.isRead(scan)) {
            put(READ);
            put(document, from, scan.to(place) - from);
            return;
        }
        put(document[from]);
        if (document[from] == '{') {
            for (Asked field : place.fields()) {
                add(document, scan, field);
            }
        }
    }

    private void put(byte one) {
        room(1);
        form[length++] = one;
    }

    private void put(byte[] from, int begin, int count) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            put((byte) (count >>> shift));
        }
        room(count);
        System.arraycopy(from, begin, form, length, count);
        length += count;
    }

    private void room(int more) {
        if (form.length - length < more) {
            form = Arrays.copyOf(form, Math.max(2 * form.length, length + more));
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Gist gist && hash == gist.hash && Arrays.equals(form, gist.form);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
