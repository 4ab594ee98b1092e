package dev.keyproof.pkcs11;

import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An object of a token as the token shows it: plain texts, made to be written down at a birth and compared later.
 *
 * @param kind {@code SECRET_KEY}, {@code PRIVATE_KEY}, {@code PUBLIC_KEY}, {@code CERTIFICATE}, {@code DATA} or {@code CKO 0x...}
 * @param id CKA_ID in lower-case hex, empty for none
 * @param label CKA_LABEL, empty for none
 * @param attributes what it shows of itself, by the name in the standard: {@code true} or {@code false}, a number,
 *     mechanisms as hex numbers with blanks between; of bytes their SHA-256 in hex; of a template each of its attributes as
 *     {@code CKA_UNWRAP_TEMPLATE/CKA_...}. What it does not show is not there
 */
public record TokenObject(String kind, String id, String label, SortedMap<String, String> attributes) {

    private static final HexFormat HEX = HexFormat.of();

    /** Copies the attributes. */
    public TokenObject {
        attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    }

    /** From attributes in any order. */
    public TokenObject(String kind, String id, String label, Map<String, String> attributes) {
        this(kind, id, label, new TreeMap<>(attributes));
    }

    /** Whether it passes for a KEK of wrapped keys, or for what binds them: such are born with the first key of their kind. */
    public boolean isKek() {
        return kind.equals("SECRET_KEY")
                && (isSeal()
                        || Arrays.stream(KeySpec.values())
                                .anyMatch(spec -> id.equals(HEX.formatHex(TokenKeks.id(spec)))));
    }

    private boolean isSeal() {
        return label.startsWith(Seals.NAME) && id.equals(HEX.formatHex(Seals.id(label)));
    }

    /** What tells it from every other of the token, as far as anything does: two may have the same. */
    String name() {
        return kind + " " + id + " \"" + label + "\"";
    }
}
