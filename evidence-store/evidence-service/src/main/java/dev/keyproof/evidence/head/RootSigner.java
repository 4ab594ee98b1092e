package dev.keyproof.evidence.head;

import dev.keyproof.pkcs11.KeyHandle;
import dev.keyproof.pkcs11.SignatureAlgorithm;
import dev.keyproof.pkcs11.Token;
import dev.keyproof.pkcs11.TokenException;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.ContentSigner;

/** Lets the root's key in the token sign one thing that Bouncy Castle builds. */
final class RootSigner implements ContentSigner {
    private final Token token;
    private final KeyHandle root;
    private final ByteArrayOutputStream toBeSigned = new ByteArrayOutputStream();

    RootSigner(Token token, KeyHandle root) {
        this.token = token;
        this.root = root;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
        return new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    }

    @Override
    public OutputStream getOutputStream() {
        return toBeSigned;
    }

    @Override
    public byte[] getSignature() {
        try {
            return token.sign(root, SignatureAlgorithm.ECDSA_SHA256, toBeSigned.toByteArray());
        } catch (TokenException e) {
            throw new IllegalStateException("the token did not sign for the root", e);
        }
    }
}
