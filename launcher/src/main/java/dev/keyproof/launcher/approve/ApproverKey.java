package dev.keyproof.launcher.approve;

import dev.keyproof.launcher.home.LauncherException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.jspecify.annotations.Nullable;

/** An approver's own private key, on P-256 or Ed25519. It has no text form. */
final class ApproverKey {
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
    private static final int P256_BITS = 256;

    private final PrivateKey key;
    private final boolean curve;

    private ApproverKey(PrivateKey key) throws LauncherException {
        this.key = key;
        this.curve = key instanceof ECPrivateKey ec && ec.getParams().getOrder().bitLength() == P256_BITS;
        boolean edwards = key instanceof EdECPrivateKey ed
                && ed.getParams().getName().equals(NamedParameterSpec.ED25519.getName());
        if (!curve && !edwards) {
            throw new LauncherException("an approver's key is on P-256 or Ed25519, and this one is not");
        }
    }

    /**
     * Reads PKCS#8 in PEM, or PKCS#12 where there is a file with its password.
     *
     * @throws LauncherException if there is no such key in it; its bytes are in no message
     */
    static ApproverKey read(Path file, @Nullable Path passwordFile) throws LauncherException {
        try {
            return passwordFile == null ? pem(file) : pkcs12(file, passwordFile);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new LauncherException(
                    "the key in " + file + " cannot be read; it is to be PKCS#8 in PEM (BEGIN PRIVATE KEY),"
                            + " or PKCS#12 with --password-file",
                    e);
        }
    }

    private static ApproverKey pem(Path file) throws IOException, GeneralSecurityException, LauncherException {
        String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
        String begin = "-----BEGIN PRIVATE KEY-----";
        String end = "-----END PRIVATE KEY-----";
        if (!text.startsWith(begin) || !text.endsWith(end)) {
            throw new IOException("no private key in PEM");
        }
        byte[] encoded = Base64.getMimeDecoder().decode(text.substring(begin.length(), text.length() - end.length()));
        try {
            boolean edwards = EdECObjectIdentifiers.id_Ed25519.equals(
                    PrivateKeyInfo.getInstance(encoded).getPrivateKeyAlgorithm().getAlgorithm());
            return new ApproverKey(KeyFactory.getInstance(edwards ? "Ed25519" : "EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(encoded)));
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    private static ApproverKey pkcs12(Path file, Path passwordFile)
            throws IOException, GeneralSecurityException, LauncherException {
        char[] password = Files.readString(passwordFile).strip().toCharArray();
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            for (String alias : Collections.list(store.aliases())) {
                if (store.getKey(alias, password) instanceof PrivateKey found) {
                    return new ApproverKey(found);
                }
            }
        } finally {
            Arrays.fill(password, '\0');
        }
        throw new IOException("no private key in it");
    }

    /** A compact JWS over a statement, in the approver's name. */
    String approve(String approver, String statement) throws LauncherException {
        String header = "{\"alg\":\"" + (curve ? "ES256" : "EdDSA") + "\",\"kid\":\"" + approver
                + "\",\"typ\":\"keyproof-approval+jws\"}";
        String input = BASE64URL.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "."
                + BASE64URL.encodeToString(statement.getBytes(StandardCharsets.UTF_8));
        try {
            Signature signature = Signature.getInstance(curve ? "SHA256withECDSAinP1363Format" : "Ed25519");
            signature.initSign(key);
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + BASE64URL.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw LauncherException.because("cannot sign", e);
        }
    }
}
