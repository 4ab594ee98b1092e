package dev.keyproof.pkcs11;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads every object of a token back: what is there, whoever put it there. Objects of a session die with it and are not listed. */
final class Inventory {
    private static final HexFormat HEX = HexFormat.of();

    private enum Form {
        FLAG,
        NUMBER,
        MECHANISMS,
        BYTES,
        TEMPLATE
    }

    private record Attribute(long type, Form form) {}

    /** What is read of each object. Not CKA_VALUE of keys, which no key of ours shows: that one does is told by its flags. */
    private static final Map<String, Attribute> ATTRIBUTES = attributes();

    private static final Set<Long> SHOW_VALUE = Set.of(Ck.DATA, Ck.CERTIFICATE);

    private Inventory() {}

    private static Map<String, Attribute> attributes() {
        Map<String, Attribute> all = new LinkedHashMap<>();
        all.put("CKA_PRIVATE", new Attribute(Ck.PRIVATE, Form.FLAG));
        all.put("CKA_TRUSTED", new Attribute(Ck.TRUSTED, Form.FLAG));
        all.put("CKA_SENSITIVE", new Attribute(Ck.SENSITIVE, Form.FLAG));
        all.put("CKA_ENCRYPT", new Attribute(Ck.ENCRYPT, Form.FLAG));
        all.put("CKA_DECRYPT", new Attribute(Ck.DECRYPT, Form.FLAG));
        all.put("CKA_WRAP", new Attribute(Ck.WRAP, Form.FLAG));
        all.put("CKA_UNWRAP", new Attribute(Ck.UNWRAP, Form.FLAG));
        all.put("CKA_SIGN", new Attribute(Ck.SIGN, Form.FLAG));
        all.put("CKA_SIGN_RECOVER", new Attribute(Ck.SIGN_RECOVER, Form.FLAG));
        all.put("CKA_VERIFY", new Attribute(Ck.VERIFY, Form.FLAG));
        all.put("CKA_VERIFY_RECOVER", new Attribute(Ck.VERIFY_RECOVER, Form.FLAG));
        all.put("CKA_DERIVE", new Attribute(Ck.DERIVE, Form.FLAG));
        all.put("CKA_EXTRACTABLE", new Attribute(Ck.EXTRACTABLE, Form.FLAG));
        all.put("CKA_LOCAL", new Attribute(Ck.LOCAL, Form.FLAG));
        all.put("CKA_NEVER_EXTRACTABLE", new Attribute(Ck.NEVER_EXTRACTABLE, Form.FLAG));
        all.put("CKA_ALWAYS_SENSITIVE", new Attribute(Ck.ALWAYS_SENSITIVE, Form.FLAG));
        all.put("CKA_MODIFIABLE", new Attribute(Ck.MODIFIABLE, Form.FLAG));
        all.put("CKA_COPYABLE", new Attribute(Ck.COPYABLE, Form.FLAG));
        all.put("CKA_ALWAYS_AUTHENTICATE", new Attribute(Ck.ALWAYS_AUTHENTICATE, Form.FLAG));
        all.put("CKA_WRAP_WITH_TRUSTED", new Attribute(Ck.WRAP_WITH_TRUSTED, Form.FLAG));
        all.put("CKA_KEY_TYPE", new Attribute(Ck.KEY_TYPE, Form.NUMBER));
        all.put("CKA_VALUE_LEN", new Attribute(Ck.VALUE_LEN, Form.NUMBER));
        all.put("CKA_ALLOWED_MECHANISMS", new Attribute(Ck.ALLOWED_MECHANISMS, Form.MECHANISMS));
        all.put("CKA_CHECK_VALUE", new Attribute(Ck.CHECK_VALUE, Form.BYTES));
        all.put("CKA_MODULUS", new Attribute(Ck.MODULUS, Form.BYTES));
        all.put("CKA_PUBLIC_EXPONENT", new Attribute(Ck.PUBLIC_EXPONENT, Form.BYTES));
        all.put("CKA_EC_PARAMS", new Attribute(Ck.EC_PARAMS, Form.BYTES));
        all.put("CKA_EC_POINT", new Attribute(Ck.EC_POINT, Form.BYTES));
        all.put("CKA_WRAP_TEMPLATE", new Attribute(Ck.WRAP_TEMPLATE, Form.TEMPLATE));
        all.put("CKA_UNWRAP_TEMPLATE", new Attribute(Ck.UNWRAP_TEMPLATE, Form.TEMPLATE));
        return all;
    }

    static List<TokenObject> of(Cryptoki module, long session) throws TokenException {
        return found(module, session, TokenObjects.persistent());
    }

    /** Those with this CKA_ID. */
    static List<TokenObject> of(Cryptoki module, long session, byte[] id) throws TokenException {
        return found(module, session, TokenObjects.persistent().bytes(Ck.ID, id));
    }

    private static List<TokenObject> found(Cryptoki module, long session, Template search) throws TokenException {
        List<TokenObject> objects = new ArrayList<>();
        for (long object : module.find(session, search)) {
            objects.add(read(module, session, object));
        }
        return List.copyOf(objects);
    }

    private static TokenObject read(Cryptoki module, long session, long object) throws TokenException {
        Map<Long, byte[]> head = module.attributes(session, object, Ck.CLASS, Ck.ID, Ck.LABEL);
        long kind = number(head.getOrDefault(Ck.CLASS, new byte[0]));
        Map<String, String> shown = new TreeMap<>();
        long[] types = ATTRIBUTES.values().stream()
                .filter(attribute -> attribute.form != Form.TEMPLATE)
                .mapToLong(Attribute::type)
                .toArray();
        Map<Long, byte[]> read = module.attributes(session, object, types);
        for (Map.Entry<String, Attribute> entry : ATTRIBUTES.entrySet()) {
            Attribute attribute = entry.getValue();
            if (attribute.form == Form.TEMPLATE) {
                for (Map.Entry<Long, ByteBuffer> inner :
                        module.template(session, object, attribute.type).entrySet()) {
                    shown.put(entry.getKey() + "/" + name(inner.getKey()), inner(inner));
                }
            } else if (read.containsKey(attribute.type)) {
                shown.put(entry.getKey(), text(attribute.form, read.get(attribute.type)));
            }
        }
        if (SHOW_VALUE.contains(kind)) {
            byte[] value = module.attributes(session, object, Ck.VALUE).get(Ck.VALUE);
            if (value != null) {
                shown.put("CKA_VALUE", text(Form.BYTES, value));
            }
        }
        return new TokenObject(
                kind(kind),
                HEX.formatHex(head.getOrDefault(Ck.ID, new byte[0])),
                new String(head.getOrDefault(Ck.LABEL, new byte[0]), StandardCharsets.UTF_8),
                shown);
    }

    private static String inner(Map.Entry<Long, ByteBuffer> attribute) {
        byte[] value = attribute.getValue().array();
        for (Attribute known : ATTRIBUTES.values()) {
            if (known.type == attribute.getKey()) {
                return text(known.form, value);
            }
        }
        return value.length == 1 ? text(Form.FLAG, value) : HEX.formatHex(value);
    }

    private static String name(long type) {
        for (Map.Entry<String, Attribute> entry : ATTRIBUTES.entrySet()) {
            if (entry.getValue().type == type) {
                return entry.getKey();
            }
        }
        return type == Ck.CLASS ? "CKA_CLASS" : type == Ck.ON_TOKEN ? "CKA_TOKEN" : "CKA 0x" + Long.toHexString(type);
    }

    private static String text(Form form, byte[] value) {
        return switch (form) {
            case FLAG -> String.valueOf(value.length == 1 && value[0] != 0);
            case NUMBER -> String.valueOf(number(value));
            case MECHANISMS -> mechanisms(value);
            case BYTES -> value.length == 0 ? "" : HEX.formatHex(sha256(value));
            case TEMPLATE -> throw new IllegalArgumentException("A template is read attribute by attribute.");
        };
    }

    private static long number(byte[] value) {
        return value.length == Long.BYTES
                ? ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getLong()
                : -1;
    }

    /** In the order of their numbers: a token gives a set in any order. */
    private static String mechanisms(byte[] value) {
        ByteBuffer bytes = ByteBuffer.wrap(value).order(ByteOrder.nativeOrder());
        List<Long> numbers = new ArrayList<>();
        while (bytes.remaining() >= Long.BYTES) {
            numbers.add(bytes.getLong());
        }
        return String.join(
                " ",
                numbers.stream()
                        .sorted()
                        .map(one -> "0x" + Long.toHexString(one))
                        .toList());
    }

    private static String kind(long kind) {
        return switch ((int) kind) {
            case (int) Ck.DATA -> "DATA";
            case (int) Ck.CERTIFICATE -> "CERTIFICATE";
            case (int) Ck.PUBLIC_KEY -> "PUBLIC_KEY";
            case (int) Ck.PRIVATE_KEY -> "PRIVATE_KEY";
            case (int) Ck.SECRET_KEY -> "SECRET_KEY";
            default -> "CKO 0x" + Long.toHexString(kind);
        };
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
