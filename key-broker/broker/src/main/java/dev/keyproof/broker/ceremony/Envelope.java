package dev.keyproof.broker.ceremony;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.jwk.ECKey;
import dev.keyproof.broker.approval.Approver;
import java.io.IOException;
import java.text.ParseException;

/** A share on its way: a compact JWE (ECDH-ES+A256KW, A256GCM) that its custodian's key alone opens. */
final class Envelope {
    private static final JOSEObjectType TYPE = new JOSEObjectType("keyproof-share+jwe");
    private static final ObjectMapper JSON = new ObjectMapper();

    private Envelope() {}

    static String close(Share share, Approver custodian) throws CeremonyException {
        if (!(custodian.key() instanceof ECKey key)) {
            throw new CeremonyException("the key of " + custodian.id() + " is none on P-256, which alone opens shares");
        }
        try {
            JWEObject jwe = new JWEObject(
                    new JWEHeader.Builder(JWEAlgorithm.ECDH_ES_A256KW, EncryptionMethod.A256GCM)
                            .type(TYPE)
                            .keyID(custodian.id())
                            .build(),
                    new Payload(JSON.writeValueAsBytes(share)));
            jwe.encrypt(new ECDHEncrypter(key));
            return jwe.serialize();
        } catch (JOSEException | JsonProcessingException e) {
            throw new CeremonyException("the share of " + custodian.id() + " cannot be encrypted to its key", e);
        }
    }

    static Share open(String jwe, ECKey custodian) throws CeremonyException {
        try {
            JWEObject parsed = JWEObject.parse(jwe.strip());
            JWEHeader header = parsed.getHeader();
            if (!JWEAlgorithm.ECDH_ES_A256KW.equals(header.getAlgorithm())
                    || !EncryptionMethod.A256GCM.equals(header.getEncryptionMethod())
                    || !TYPE.equals(header.getType())) {
                throw new CeremonyException("this is not the envelope of a share");
            }
            parsed.decrypt(new ECDHDecrypter(custodian));
            return JSON.readValue(parsed.getPayload().toBytes(), Share.class);
        } catch (ParseException e) {
            throw new CeremonyException("this is not the envelope of a share", e);
        } catch (JOSEException e) {
            throw new CeremonyException("this key does not open the envelope, or the envelope was altered", e);
        } catch (IOException e) {
            throw new CeremonyException("what the envelope holds is no share", e);
        }
    }
}
