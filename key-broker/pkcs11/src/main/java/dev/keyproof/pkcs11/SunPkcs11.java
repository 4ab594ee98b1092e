package dev.keyproof.pkcs11;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.Key;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's PKCS#11 provider on one slot of one module. A key that was born natively appears in its key store only when
 * that is loaded again, so a load is asked for at most once a new key and never on use.
 */
final class SunPkcs11 {
    private final Provider provider;
    private final PinSource pin;
    private final ReentrantLock loading = new ReentrantLock();
    private volatile @Nullable KeyStore store;

    private SunPkcs11(Provider provider, PinSource pin) {
        this.provider = provider;
        this.pin = pin;
    }

    /** The module must be initialised; the PIN is for modules that give each of their users a login of its own. */
    static SunPkcs11 on(Path module, long slot, int shard, PinSource pin) throws TokenException {
        Provider template = Security.getProvider("SunPKCS11");
        if (template == null) {
            throw new TokenException.ModuleMissing(
                    "This Java run time has no SunPKCS11 provider (module jdk.crypto.cryptoki).", null);
        }
        try {
            return new SunPkcs11(
                    template.configure("--name=keyproof-" + shard + "\nlibrary=\"" + module + "\"\nslot=" + slot
                            + "\nshowInfo=false\n"),
                    pin);
        } catch (InvalidParameterException | ProviderException e) {
            throw new TokenException.ModuleMissing("SunPKCS11 cannot work with the module " + module + ".", e);
        }
    }

    Provider provider() {
        return provider;
    }

    /** The key under a label, or null when even a fresh look does not find it. */
    @Nullable Key key(String label) throws TokenException {
        try {
            Key known = listed(store, label);
            if (known != null) {
                return known;
            }
            loading.lock();
            try {
                // Another thread may have loaded it while this one waited.
                Key meanwhile = listed(store, label);
                if (meanwhile != null) {
                    return meanwhile;
                }
                KeyStore fresh = KeyStore.getInstance("PKCS11", provider);
                char[] digits = pin.read();
                try {
                    fresh.load(null, digits);
                } finally {
                    Arrays.fill(digits, '\0');
                }
                store = fresh;
                return listed(fresh, label);
            } finally {
                loading.unlock();
            }
        } catch (GeneralSecurityException | IOException | ProviderException e) {
            throw new TokenException("SunPKCS11 cannot list the token's keys (" + reason(e) + ").", e);
        }
    }

    private static @Nullable Key listed(@Nullable KeyStore store, String label) throws GeneralSecurityException {
        return store != null && store.isKeyEntry(label) ? store.getKey(label, null) : null;
    }

    private static String reason(Throwable e) {
        String ckr = ckr(e);
        return ckr != null ? ckr : String.valueOf(e.getMessage());
    }

    /** The name of the return value behind an exception of the provider, as far as it tells. */
    static @Nullable String ckr(Throwable thrown) {
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            String message = e.getMessage();
            // The exception's class is not exported, but its message is the bare name.
            if (message != null && message.startsWith("CKR_")) {
                int end = message.indexOf(' ');
                return end < 0 ? message : message.substring(0, end);
            }
        }
        return null;
    }
}
