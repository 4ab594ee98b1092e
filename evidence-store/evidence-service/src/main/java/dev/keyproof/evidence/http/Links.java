package dev.keyproof.evidence.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Links by which one caller downloads one pack for some time. They are good beside the caller's token, not in its place: what stands in
 * a shell's history or in a log lets nobody in. The key lives as long as the process; what was begun before goes on by another link.
 * Thread-safe.
 */
final class Links {
    private static final String HMAC = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final SecretKeySpec key;

    Links() {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, HMAC);
    }

    String path(String pack, String caller, Instant until) {
        return "/v1/packs/" + pack + "/content?expires=" + until.getEpochSecond() + "&signature="
                + HexFormat.of().formatHex(sign(pack, caller, until));
    }

    boolean isGood(String pack, String caller, Instant until, String signature) {
        return MessageDigest.isEqual(
                HexFormat.of().formatHex(sign(pack, caller, until)).getBytes(StandardCharsets.UTF_8),
                signature.getBytes(StandardCharsets.UTF_8));
    }

    /** A pack's digest and a number hold no line break, so that nothing else reads the same. */
    private byte[] sign(String pack, String caller, Instant until) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac.doFinal((pack + "\n" + until.getEpochSecond() + "\n" + caller).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a Java without " + HMAC, e);
        }
    }
}
