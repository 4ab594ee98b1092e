package dev.keyproof.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The keys whose MAC binds a wrapped key to what it is. One in most tokens; two where two brokers used a new token at once. Then the
 * one whose label is first binds, and each may have bound.
 */
final class Seals {
    static final String NAME = TokenKeks.PREFIX + "seal";

    private Seals() {}

    static byte[] id(String name) {
        return name.getBytes(UTF_8);
    }

    /** A name that no other broker gives. */
    static String fresh(Token token) throws TokenException {
        return NAME + "/" + HexFormat.of().formatHex(token.random(8));
    }

    /**
     * All of them, in the order of their labels.
     *
     * @throws TokenException.Tampered if an object passes for one that is not made as ours are: whoever made it may know its value
     */
    static List<KeyHandle> of(Shard shard, Root root) throws TokenException {
        TreeMap<String, KeyHandle> found = shard.natively((module, session) -> {
            TreeMap<String, KeyHandle> seals = new TreeMap<>();
            Template secrets = TokenObjects.persistent()
                    .number(Ck.CLASS, Ck.SECRET_KEY)
                    .number(Ck.KEY_TYPE, Ck.KEY_GENERIC_SECRET);
            for (long object : module.find(session, secrets)) {
                KeyHandle handle = TokenObjects.handle(module, session, object);
                if (handle != null
                        && (handle.label().equals(NAME) || handle.label().startsWith(NAME + "/"))) {
                    requireSound(shard, module, session, object, handle, root);
                    seals.put(handle.label(), handle);
                }
            }
            return seals;
        });
        if (root == Root.IMPORTED && found.size() > 1) {
            throw new TokenException.Tampered(
                    "The token has " + found.size() + " keys that bind wrapped keys, but one root was imported.", null);
        }
        return List.copyOf(found.values());
    }

    private static void requireSound(
            Shard shard, Cryptoki module, long session, long object, KeyHandle handle, Root root)
            throws TokenException {
        Map<Long, byte[]> read = module.attributes(
                session, object, Ck.SENSITIVE, Ck.EXTRACTABLE, Ck.MODIFIABLE, Ck.LOCAL, Ck.NEVER_EXTRACTABLE);
        // A token that lacks a guard, as NSS does, does not tell where a key comes from either.
        boolean born = TokenObjects.flag(read, Ck.LOCAL) && TokenObjects.flag(read, Ck.NEVER_EXTRACTABLE);
        if (!TokenObjects.flag(read, Ck.SENSITIVE)
                || TokenObjects.flag(read, Ck.EXTRACTABLE)
                || TokenObjects.flag(read, Ck.MODIFIABLE)
                || (shard.guards().containsAll(EnumSet.allOf(Guard.class)) && born != (root == Root.BORN))
                || handle.spec() != KeySpec.HMAC_SHA256) {
            throw new TokenException.Tampered(
                    "\"" + handle.label() + "\" passes for the key that binds wrapped keys but is not made as one.",
                    null);
        }
    }
}
