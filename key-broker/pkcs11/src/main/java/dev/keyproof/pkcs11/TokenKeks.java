package dev.keyproof.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The token KEKs: resident keys that wrap and unwrap key objects by AES-KWP (RFC 5649) and do nothing else, one for each kind of
 * child. What such a key unwraps gets the attributes of its template, whatever the caller asks: otherwise one who is logged in
 * could have a wrapped key come back as one that can be read, or that decrypts what it should only wrap.
 *
 * <p>A token has no way to let only one of two brokers make an object, so both may make a KEK when both find none. Then both stay:
 * the one whose label is first wraps, and each of them unwraps. Nothing is lost, whoever wrapped what in between.
 */
final class TokenKeks {
    static final String PREFIX = "keyproof/kek/";

    /** What a KEK must show, whoever made it: true or false. */
    private static final Map<Long, Boolean> ALWAYS = Map.of(
            Ck.PRIVATE, true,
            Ck.SENSITIVE, true,
            Ck.EXTRACTABLE, false,
            Ck.MODIFIABLE, false,
            Ck.WRAP, true,
            Ck.UNWRAP, true,
            Ck.ENCRYPT, false,
            Ck.DECRYPT, false,
            Ck.SIGN, false,
            Ck.VERIFY, false);

    private TokenKeks() {}

    static byte[] id(KeySpec child) {
        return (PREFIX + child).getBytes(UTF_8);
    }

    static String label(KeySpec child) {
        return PREFIX + child;
    }

    /**
     * The KEKs for children of that kind, the one that wraps first. Made if the token has none and its root is born in it.
     *
     * @throws TokenException.Tampered if an object passes for a KEK that is not made as ours are
     */
    static List<Long> ofKind(Cryptoki cryptoki, long session, long slot, KeySpec child, Set<Guard> guards, Root root)
            throws TokenException {
        Found found = find(cryptoki, session, child, guards, root);
        if (!found.wrapping.isEmpty()) {
            return found.inOrder();
        }
        if (root == Root.IMPORTED) {
            throw new TokenException.Unsupported("The token has no KEK for " + child
                    + ": the root that was imported into it knew no such keys; import it again from its shares.");
        }
        byte[] random = new byte[8];
        cryptoki.random(session, random);
        cryptoki.generateKey(
                session,
                Ck.AES_KEY_GEN,
                template(
                                child,
                                guards,
                                mechanism(cryptoki, slot),
                                "/" + HexFormat.of().formatHex(random))
                        .number(Ck.VALUE_LEN, 32));
        return find(cryptoki, session, child, guards, root).inOrder();
    }

    /** What a KEK is; all but its value. Labels differ, for two alike would hide all keys from SunPKCS11. */
    static Template template(KeySpec child, Set<Guard> guards, long mechanism, String suffix) {
        Template template = new Template()
                .number(Ck.CLASS, Ck.SECRET_KEY)
                .number(Ck.KEY_TYPE, Ck.KEY_AES)
                .bytes(Ck.ID, id(child))
                .text(Ck.LABEL, label(child) + suffix)
                .flag(Ck.ON_TOKEN, true)
                .flag(Ck.PRIVATE, true)
                .flag(Ck.SENSITIVE, true)
                .flag(Ck.EXTRACTABLE, false)
                .flag(Ck.ENCRYPT, false)
                .flag(Ck.DECRYPT, false)
                .flag(Ck.SIGN, false)
                .flag(Ck.VERIFY, false)
                .flag(Ck.DERIVE, false)
                .flag(Ck.WRAP, true)
                .flag(Ck.UNWRAP, true);
        if (guards.contains(Guard.UNWRAP_TEMPLATE)) {
            template.template(Ck.UNWRAP_TEMPLATE, fixed(child, guards));
        }
        return KeyKinds.bound(template, guards, mechanism);
    }

    /** In the order of their labels; those of an earlier making, whose children are not bound to their mechanisms, only unwrap. */
    private record Found(SortedMap<String, Long> wrapping, SortedMap<String, Long> unwrapping) {
        List<Long> inOrder() {
            return Stream.concat(wrapping.values().stream(), unwrapping.values().stream())
                    .toList();
        }
    }

    /** Somebody with the PIN may have put one there whose value they know. */
    private static Found find(Cryptoki cryptoki, long session, KeySpec child, Set<Guard> guards, Root root)
            throws TokenException {
        Found found = new Found(new TreeMap<>(), new TreeMap<>());
        Template search =
                TokenObjects.persistent().number(Ck.CLASS, Ck.SECRET_KEY).bytes(Ck.ID, id(child));
        for (long object : cryptoki.find(session, search)) {
            Map<Long, ByteBuffer> fixes = cryptoki.template(session, object, Ck.UNWRAP_TEMPLATE);
            boolean current = !guards.contains(Guard.UNWRAP_TEMPLATE)
                    || fixes.equals(fixed(child, guards).values());
            boolean earlier = fixes.equals(fixed(child, Set.of()).values());
            if (!(current || earlier) || !isSound(cryptoki, session, object, guards, root)) {
                throw new TokenException.Tampered(
                        "An object in the token passes for the KEK of " + child
                                + " but is not made as one: somebody with the PIN put it there.",
                        null);
            }
            byte[] label = cryptoki.attributes(session, object, Ck.LABEL).getOrDefault(Ck.LABEL, new byte[0]);
            (current ? found.wrapping : found.unwrapping).put(new String(label, UTF_8), object);
        }
        if (root == Root.IMPORTED && found.inOrder().size() > 1) {
            throw new TokenException.Tampered(
                    "The token has several KEKs for " + child + ", but one root was imported into it.", null);
        }
        return found;
    }

    private static boolean isSound(Cryptoki cryptoki, long session, long object, Set<Guard> guards, Root root)
            throws TokenException {
        long[] types = Stream.concat(ALWAYS.keySet().stream(), Stream.of(Ck.LOCAL, Ck.NEVER_EXTRACTABLE, Ck.COPYABLE))
                .mapToLong(Long::longValue)
                .toArray();
        Map<Long, byte[]> read = cryptoki.attributes(session, object, types);
        // One that was made here never had a value that anybody knew. A token that lacks a guard, as NSS does, does not
        // tell.
        boolean born = TokenObjects.flag(read, Ck.LOCAL) && TokenObjects.flag(read, Ck.NEVER_EXTRACTABLE);
        return ALWAYS.entrySet().stream().allMatch(must -> TokenObjects.flag(read, must.getKey()) == must.getValue())
                && (born == (root == Root.BORN) || !guards.containsAll(EnumSet.allOf(Guard.class)))
                && !(guards.contains(Guard.NOT_COPYABLE) && TokenObjects.flag(read, Ck.COPYABLE));
    }

    /** What every unwrapped child of the kind has; the module refuses an unwrapping that asks for anything else. */
    static Template fixed(KeySpec child, Set<Guard> guards) {
        Template template = open(child);
        if (guards.contains(Guard.ALLOWED_MECHANISMS)) {
            template.number(Ck.ALLOWED_MECHANISMS, KeyKinds.mechanisms(child));
        }
        return template.flag(Ck.COPYABLE, false).flag(Ck.MODIFIABLE, false);
    }

    /** All but what forbids later change. */
    static Template open(KeySpec child) {
        Template template = new Template()
                .number(Ck.CLASS, KeyKinds.kind(child))
                .number(Ck.KEY_TYPE, KeyKinds.type(child))
                .flag(Ck.ON_TOKEN, false)
                .flag(Ck.PRIVATE, true)
                .flag(Ck.SENSITIVE, true)
                .flag(Ck.EXTRACTABLE, false);
        return KeyKinds.usage(template, child);
    }

    /** AES-KWP by the number that the module gives it. */
    static long mechanism(Cryptoki cryptoki, long slot) throws TokenException {
        List<Long> offered = cryptoki.mechanisms(slot);
        if (offered.contains(Ck.AES_KEY_WRAP_KWP)) {
            return Ck.AES_KEY_WRAP_KWP;
        }
        if (offered.contains(Ck.AES_KEY_WRAP_PAD_SOFTHSM)) {
            return Ck.AES_KEY_WRAP_PAD_SOFTHSM;
        }
        throw new TokenException.Unsupported(
                "The token offers no AES-KWP, so no key can be kept wrapped outside of it.");
    }
}
