package dev.keyproof.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;

/** {@code manifest.dsse.json}: the same manifest, signed by the same key, as a DSSE envelope in canonical JSON. */
public final class ManifestDsse {
    private static final String TYPE = "application/vnd.keyproof.manifest+json";

    private ManifestDsse() {}

    /** The bytes that the signer signs: DSSE's pre-authentication encoding. */
    public static byte[] toBeSigned(byte[] manifest) {
        byte[] head = ("DSSEv1 " + TYPE.length() + " " + TYPE + " " + manifest.length + " ")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + manifest.length);
        System.arraycopy(manifest, 0, all, head.length, manifest.length);
        return all;
    }

    /** The file; {@code signature} is canonical ({@link EcdsaSignature}). */
    public static byte[] encode(byte[] manifest, X509Certificate signer, byte[] signature) {
        ObjectNode envelope = CanonicalJson.MAPPER.createObjectNode();
        envelope.put("payload", Base64.getEncoder().encodeToString(manifest));
        envelope.put("payloadType", TYPE);
        envelope.putArray("signatures")
                .addObject()
                .put("keyid", Digests.hex(signer.getPublicKey().getEncoded()))
                .put("sig", Base64.getEncoder().encodeToString(signature));
        return CanonicalJson.bytes(envelope);
    }

    static void requireValid(byte[] dsse, byte[] manifest, X509Certificate signer) throws BrokenPackException {
        ObjectNode envelope = CanonicalJson.parseAny(dsse, Manifest.DSSE, "envelope");
        byte[] signature;
        try {
            signature = Base64.getDecoder()
                    .decode(envelope.path("signatures").path(0).path("sig").asText());
        } catch (IllegalArgumentException e) {
            throw BrokenPackException.at(Reason.DSSE_FORM, Manifest.DSSE, "signatures", "the signature is not base64");
        }
        int differs = Arrays.mismatch(dsse, encode(manifest, signer, signature));
        if (differs >= 0) {
            throw BrokenPackException.at(
                    Reason.DSSE_FORM,
                    Manifest.DSSE,
                    "byte " + differs,
                    "not the envelope that manifest.json and trust/signer.pem would have");
        }
        EcdsaSignature.requireValid(signature, toBeSigned(manifest), signer.getPublicKey(), Manifest.DSSE);
    }
}
