package dev.keyproof.pkcs11;

import java.security.PrivateKey;
import java.security.Signature;

/** Uses a key: one that is resident through SunPKCS11, one that was unwrapped natively, for SunPKCS11 does not list it. */
final class KeyUse {
    private KeyUse() {}

    static void require(KeyHandle key, KeySpec.Purpose purpose) throws TokenException {
        if (key.spec().purpose() != purpose) {
            throw new TokenException.Unsupported(key + " is not for this use.");
        }
    }

    static void require(KeyHandle key, SignatureAlgorithm algorithm) throws TokenException {
        if (!algorithm.fits(key.spec())) {
            throw new TokenException.Unsupported(key + " does not sign by " + algorithm + ".");
        }
    }

    static byte[] encrypt(Shard shard, KeyHandle key, byte[] plaintext, byte[] aad) throws TokenException {
        if (key.spec() == KeySpec.AES_256_CTR) {
            return CounterMode.encrypt(shard, key, plaintext, aad);
        }
        byte[] iv = new byte[Gcm.IV_BYTES];
        if (key.wrapped().isPresent()) {
            return shard.nativelyWith(key, (module, session, object) -> {
                module.random(session, iv);
                return Gcm.joined(iv, KeyCalls.encrypt(module, session, Gcm.mechanism(iv, aad), object, plaintext));
            });
        }
        shard.natively((module, session) -> {
            module.random(session, iv);
            return iv;
        });
        return shard.jca(key, (provider, secret) -> Gcm.encrypt(provider, secret, iv, plaintext, aad));
    }

    static byte[] decrypt(Shard shard, KeyHandle key, byte[] ciphertext, byte[] aad) throws TokenException {
        if (key.spec() == KeySpec.AES_256_CTR) {
            return CounterMode.decrypt(shard, key, ciphertext, aad);
        }
        if (ciphertext.length < Gcm.IV_BYTES + Gcm.TAG_BYTES) {
            throw new TokenException.Rejected("The ciphertext is shorter than IV and tag.", null);
        }
        if (key.wrapped().isPresent()) {
            return shard.nativelyWith(
                    key, (module, session, object) -> Gcm.decrypt(module, session, object, key, ciphertext, aad));
        }
        return shard.jca(key, (provider, secret) -> Gcm.decrypt(provider, secret, ciphertext, aad));
    }

    static byte[] sign(Shard shard, KeyHandle key, SignatureAlgorithm algorithm, byte[] message) throws TokenException {
        // SunPKCS11 does PSS on some modules only, and Edwards curves on none.
        if (key.wrapped().isPresent() || algorithm == SignatureAlgorithm.ED25519 || algorithm.isPss()) {
            return shard.nativelyWith(
                    key, (module, session, object) -> NativeSigning.sign(module, session, object, algorithm, message));
        }
        return shard.jca(key, (provider, secret) -> {
            Signature signature = Signature.getInstance(algorithm.jcaName(), provider);
            signature.initSign((PrivateKey) secret);
            signature.update(message);
            return signature.sign();
        });
    }

    static byte[] mac(Shard shard, KeyHandle key, byte[] message) throws TokenException {
        if (key.wrapped().isPresent()) {
            return shard.nativelyWith(
                    key, (module, session, object) -> KeyCalls.sign(module, session, mechanism(key), object, message));
        }
        return shard.jca(key, (provider, secret) -> {
            javax.crypto.Mac mac =
                    javax.crypto.Mac.getInstance("HmacSHA" + key.spec().bits(), provider);
            mac.init(secret);
            return mac.doFinal(message);
        });
    }

    private static Mechanism mechanism(KeyHandle key) {
        return Mechanism.of(KeyKinds.mechanisms(key.spec())[0]);
    }
}
