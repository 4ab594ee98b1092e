package dev.keyproof.verify;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** PEM in one form only: 64-column base64, line feeds, nothing between. */
final class Pem {
    private Pem() {}

    static String write(String label, List<byte[]> all) {
        StringBuilder pem = new StringBuilder();
        Base64.Encoder encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
        for (byte[] der : all) {
            pem.append(begin(label))
                    .append(encoder.encodeToString(der))
                    .append('\n')
                    .append(end(label));
        }
        return pem.toString();
    }

    /** What {@link #write} wrote; empty where it did not. */
    static Optional<List<byte[]>> read(String label, String pem) {
        List<byte[]> all = new ArrayList<>();
        int at = 0;
        while (at < pem.length()) {
            int end = pem.indexOf(end(label), at);
            if (!pem.startsWith(begin(label), at) || end < at + begin(label).length()) {
                return Optional.empty();
            }
            try {
                all.add(Base64.getMimeDecoder()
                        .decode(pem.substring(at + begin(label).length(), end)));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
            at = end + end(label).length();
        }
        return write(label, all).equals(pem) ? Optional.of(List.copyOf(all)) : Optional.empty();
    }

    private static String begin(String label) {
        return "-----BEGIN " + label + "-----\n";
    }

    private static String end(String label) {
        return "-----END " + label + "-----\n";
    }
}
