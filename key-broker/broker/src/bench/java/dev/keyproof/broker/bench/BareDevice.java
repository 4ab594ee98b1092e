package dev.keyproof.broker.bench;

import dev.keyproof.broker.TestHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/** The broker's own keys used through SunPKCS11 and nothing else: two threads, each with a copy of the module. */
final class BareDevice {
    private static final int THREADS = 2;
    private static final int WARM_MS = 1_000;
    private static final int MS = 3_000;

    private BareDevice() {}

    /**
     * Prints a line for each key: operation, calls per second, p95 in nanoseconds.
     *
     * @param folder for the copies of the module
     * @param keys {@code operation=label}
     */
    static void measure(Path folder, List<String> keys) throws Exception {
        List<Provider> providers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Path module = folder.resolve("bare-" + i + ".so");
            Files.deleteIfExists(module);
            Files.copy(TestHome.MODULE, module);
            Path config = Files.writeString(
                    folder.resolve("bare-" + i + ".cfg"),
                    "name = bare" + i + "\nlibrary = " + module + "\nslotListIndex = 0\n");
            providers.add(Security.getProvider("SunPKCS11").configure(config.toString()));
        }
        for (String key : keys) {
            String[] parts = key.split("=", 2);
            List<Load.Step> steps = new ArrayList<>();
            for (Provider provider : providers) {
                KeyStore store = KeyStore.getInstance("PKCS11", provider);
                store.load(null, TestHome.PIN.toCharArray());
                Key found = store.getKey(parts[1], null);
                if (found == null) {
                    throw new IllegalStateException("the token has no key " + parts[1]);
                }
                steps.add(step(parts[0], provider, found));
            }
            Load.Measured measured = Load.measure(steps, WARM_MS, MS);
            System.out.println(parts[0] + " " + measured.perSecond() + " " + measured.p95Nanos());
        }
    }

    private static Load.Step step(String operation, Provider provider, Key key) throws Exception {
        byte[] message = new byte[32];
        return switch (operation) {
            case "sign-rsa2048" -> signing(Signature.getInstance("SHA256withRSA", provider), key, message);
            case "sign-p256" -> signing(Signature.getInstance("SHA256withECDSA", provider), key, message);
            default -> {
                Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
                byte[] iv = new byte[12];
                long[] counter = new long[1];
                yield () -> {
                    long n = counter[0]++;
                    for (int i = 0; i < 8; i++) {
                        iv[i] = (byte) (n >> (8 * i));
                    }
                    cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, iv));
                    cipher.updateAAD(message);
                    cipher.doFinal(message);
                };
            }
        };
    }

    private static Load.Step signing(Signature signature, Key key, byte[] message) {
        return () -> {
            signature.initSign((PrivateKey) key);
            signature.update(message);
            signature.sign();
        };
    }
}
