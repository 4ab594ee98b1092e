package dev.keyproof.broker.provider.pkcs11;

import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.pkcs11.TokenObject;
import java.util.List;
import java.util.Map;

/** Where the objects are written down that are born in a token by order, so that all others can be told from them. */
public interface BirthBook {
    /**
     * Notes what was born, as its token shows it after.
     *
     * @param objects by their token's label
     * @param birth uid of the record that ordered them, or what else did
     */
    void born(Map<String, List<TokenObject>> objects, String birth) throws ProblemException;

    /** Notes the KEKs that came with a birth, which are those not yet known. */
    void keksBorn(Map<String, List<TokenObject>> inventories, String birth) throws ProblemException;

    /** Notes that the objects with that CKA_ID were destroyed by order. */
    void gone(String id) throws ProblemException;
}
