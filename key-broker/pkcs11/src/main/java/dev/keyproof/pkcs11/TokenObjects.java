package dev.keyproof.pkcs11;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds objects in a token and reads them back. */
final class TokenObjects {
    private static final HexFormat HEX = HexFormat.of();

    private TokenObjects() {}

    /** Not what was unwrapped for a session. */
    static Template persistent() {
        return new Template().flag(Ck.ON_TOKEN, true);
    }

    /** The secret or private key with this CKA_ID, or null. */
    static @Nullable Long key(Cryptoki cryptoki, long session, byte[] id) throws TokenException {
        return ofClass(cryptoki, session, persistent().bytes(Ck.ID, id), Ck.SECRET_KEY, Ck.PRIVATE_KEY);
    }

    /** The secret or private key with this CKA_LABEL, or null. */
    static @Nullable Long key(Cryptoki cryptoki, long session, String label) throws TokenException {
        return ofClass(cryptoki, session, persistent().text(Ck.LABEL, label), Ck.SECRET_KEY, Ck.PRIVATE_KEY);
    }

    /** The certificate with this CKA_ID, or null. */
    static @Nullable Long certificate(Cryptoki cryptoki, long session, byte[] id) throws TokenException {
        return ofClass(cryptoki, session, persistent().bytes(Ck.ID, id), Ck.CERTIFICATE, Ck.CERTIFICATE);
    }

    /** The public key with this CKA_ID, or null. */
    static @Nullable Long publicKey(Cryptoki cryptoki, long session, byte[] id) throws TokenException {
        return ofClass(cryptoki, session, persistent().bytes(Ck.ID, id), Ck.PUBLIC_KEY, Ck.PUBLIC_KEY);
    }

    private static @Nullable Long ofClass(Cryptoki cryptoki, long session, Template template, long one, long other)
            throws TokenException {
        for (long object : cryptoki.find(session, template)) {
            Long kind = number(cryptoki.attributes(session, object, Ck.CLASS), Ck.CLASS);
            if (kind != null && (kind == one || kind == other)) {
                return object;
            }
        }
        return null;
    }

    /** All secret and private keys. */
    static List<Long> keys(Cryptoki cryptoki, long session) throws TokenException {
        List<Long> keys = new ArrayList<>(cryptoki.find(session, persistent().number(Ck.CLASS, Ck.SECRET_KEY)));
        keys.addAll(cryptoki.find(session, persistent().number(Ck.CLASS, Ck.PRIVATE_KEY)));
        return keys;
    }

    /** What can be used of an object as a key of ours, or null when it is of another kind. */
    static @Nullable KeyHandle handle(Cryptoki cryptoki, long session, long object) throws TokenException {
        Map<Long, byte[]> read = cryptoki.attributes(
                session,
                object,
                Ck.ID,
                Ck.LABEL,
                Ck.KEY_TYPE,
                Ck.VALUE_LEN,
                Ck.MODULUS,
                Ck.EC_PARAMS,
                Ck.DECRYPT,
                Ck.UNWRAP,
                Ck.ALLOWED_MECHANISMS);
        byte[] id = read.get(Ck.ID);
        byte[] label = read.get(Ck.LABEL);
        KeySpec spec = spec(read);
        // What unwraps is a token KEK, which no caller uses.
        if (id == null || id.length == 0 || label == null || spec == null || flag(read, Ck.UNWRAP)) {
            return null;
        }
        return new KeyHandle(id, new String(label, StandardCharsets.UTF_8), spec);
    }

    private static @Nullable KeySpec spec(Map<Long, byte[]> read) {
        Long type = number(read, Ck.KEY_TYPE);
        int bits = bits(read);
        if (type == null) {
            return null;
        }
        if (type == Ck.KEY_AES) {
            boolean counts = mechanisms(read).equals(List.of(Ck.AES_CTR));
            return bits == 256 ? counts ? KeySpec.AES_256_CTR : KeySpec.AES_256_GCM : null;
        }
        if (type == Ck.KEY_GENERIC_SECRET || type == Ck.KEY_SHA256_HMAC) {
            return bits == 0 ? imported(mechanisms(read)) : of(KeySpec.Family.HMAC, KeySpec.Purpose.MAC, bits);
        }
        if (type == Ck.KEY_RSA) {
            return of(
                    KeySpec.Family.RSA, flag(read, Ck.DECRYPT) ? KeySpec.Purpose.DECRYPT : KeySpec.Purpose.SIGN, bits);
        }
        if (type == Ck.KEY_EC_EDWARDS) {
            return KeySpec.ED25519;
        }
        return type == Ck.KEY_EC ? Curves.spec(read.get(Ck.EC_PARAMS)) : null;
    }

    private static @Nullable KeySpec of(KeySpec.Family family, KeySpec.Purpose purpose, int bits) {
        for (KeySpec spec : KeySpec.values()) {
            if (spec.family() == family && spec.purpose() == purpose && spec.bits() == bits) {
                return spec;
            }
        }
        return null;
    }

    /** SoftHSM does not tell the size of a secret that was unwrapped, but what it is for. */
    private static @Nullable KeySpec imported(List<Long> mechanisms) {
        for (KeySpec spec : KeySpec.values()) {
            if (spec.purpose() == KeySpec.Purpose.MAC && mechanisms.equals(List.of(KeyKinds.mechanisms(spec)[0]))) {
                return spec;
            }
        }
        return null;
    }

    private static List<Long> mechanisms(Map<Long, byte[]> read) {
        return numbers(read.getOrDefault(Ck.ALLOWED_MECHANISMS, new byte[0]));
    }

    private static int bits(Map<Long, byte[]> read) {
        Long length = number(read, Ck.VALUE_LEN);
        if (length != null) {
            return Math.toIntExact(length * 8);
        }
        byte[] modulus = read.get(Ck.MODULUS);
        if (modulus != null) {
            return new BigInteger(1, modulus).bitLength();
        }
        KeySpec curve = Curves.spec(read.get(Ck.EC_PARAMS));
        return curve != null ? curve.bits() : 0;
    }

    /** Refuses a fresh key whose size is not the one that was asked for. */
    static void requireSize(Cryptoki cryptoki, long session, long object, KeySpec spec) throws TokenException {
        int bits = bits(cryptoki.attributes(session, object, Ck.VALUE_LEN, Ck.MODULUS, Ck.EC_PARAMS));
        if (bits != spec.bits()) {
            throw new TokenException("The token made a key of " + bits + " bits when " + spec + " was asked for.");
        }
    }

    /** What the device shows; the size of an unwrapped secret, which SoftHSM does not tell, is the one read at its birth. */
    static KeyAttributes attributes(Cryptoki cryptoki, long session, long object, KeyHandle handle)
            throws TokenException {
        Map<Long, byte[]> read = cryptoki.attributes(
                session,
                object,
                Ck.ON_TOKEN,
                Ck.PRIVATE,
                Ck.SENSITIVE,
                Ck.EXTRACTABLE,
                Ck.ALWAYS_SENSITIVE,
                Ck.NEVER_EXTRACTABLE,
                Ck.LOCAL,
                Ck.MODIFIABLE,
                Ck.COPYABLE,
                Ck.ENCRYPT,
                Ck.DECRYPT,
                Ck.SIGN,
                Ck.VERIFY,
                Ck.WRAP,
                Ck.UNWRAP,
                Ck.DERIVE,
                Ck.KEY_TYPE,
                Ck.VALUE_LEN,
                Ck.MODULUS,
                Ck.EC_PARAMS,
                Ck.ALLOWED_MECHANISMS,
                Ck.ID,
                Ck.LABEL);
        return new KeyAttributes(
                flag(read, Ck.ON_TOKEN),
                flag(read, Ck.PRIVATE),
                flag(read, Ck.SENSITIVE),
                flag(read, Ck.EXTRACTABLE, true),
                flag(read, Ck.ALWAYS_SENSITIVE),
                flag(read, Ck.NEVER_EXTRACTABLE),
                flag(read, Ck.LOCAL),
                flag(read, Ck.MODIFIABLE, true),
                flag(read, Ck.COPYABLE, true),
                flag(read, Ck.ENCRYPT),
                flag(read, Ck.DECRYPT),
                flag(read, Ck.SIGN),
                flag(read, Ck.VERIFY),
                flag(read, Ck.WRAP),
                flag(read, Ck.UNWRAP),
                flag(read, Ck.DERIVE),
                keyType(number(read, Ck.KEY_TYPE)),
                bits(read) == 0 && handle.wrapped().isPresent() ? handle.spec().bits() : bits(read),
                HEX.formatHex(read.getOrDefault(Ck.ID, new byte[0])),
                new String(read.getOrDefault(Ck.LABEL, new byte[0]), StandardCharsets.UTF_8),
                mechanisms(read));
    }

    private static String keyType(@Nullable Long type) {
        if (type == null) {
            return "UNKNOWN";
        }
        return switch (type.intValue()) {
            case (int) Ck.KEY_AES -> "AES";
            case (int) Ck.KEY_GENERIC_SECRET -> "GENERIC_SECRET";
            case (int) Ck.KEY_SHA256_HMAC -> "SHA256_HMAC";
            case (int) Ck.KEY_RSA -> "RSA";
            case (int) Ck.KEY_EC -> "EC";
            case (int) Ck.KEY_EC_EDWARDS -> "EC_EDWARDS";
            default -> "CKK 0x" + Long.toHexString(type);
        };
    }

    static boolean flag(Map<Long, byte[]> read, long type) {
        return flag(read, type, false);
    }

    /** What a token does not show is what the standard says of a key that was not told; NSS shows no CKA_COPYABLE. */
    private static boolean flag(Map<Long, byte[]> read, long type, boolean otherwise) {
        byte[] value = read.get(type);
        return value == null ? otherwise : value.length == 1 && value[0] != 0;
    }

    private static @Nullable Long number(Map<Long, byte[]> read, long type) {
        byte[] value = read.get(type);
        return value != null && value.length == 8 ? numbers(value).getFirst() : null;
    }

    private static List<Long> numbers(byte[] value) {
        ByteBuffer bytes = ByteBuffer.wrap(value).order(ByteOrder.nativeOrder());
        List<Long> numbers = new ArrayList<>();
        while (bytes.remaining() >= 8) {
            numbers.add(bytes.getLong());
        }
        return List.copyOf(numbers);
    }
}
