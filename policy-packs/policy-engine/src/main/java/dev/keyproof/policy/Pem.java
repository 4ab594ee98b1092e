package dev.keyproof.policy;

import java.io.IOException;
import java.util.Base64;

/** One thing in PEM (RFC 7468). */
final class Pem {
    private Pem() {}

    static byte[] decode(String label, String pem) throws IOException {
        String begin = "-----BEGIN " + label + "-----";
        String end = "-----END " + label + "-----";
        int from = pem.indexOf(begin);
        int to = pem.indexOf(end, from);
        if (from < 0 || to < 0 || pem.indexOf(begin, to) >= 0) {
            throw new IOException("not one " + label + " in PEM");
        }
        try {
            return Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
        } catch (IllegalArgumentException e) {
            throw new IOException("not base64 in PEM");
        }
    }
}
