package dev.keyproof.pkcs11.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keyproof.pkcs11.KeyHandle;
import dev.keyproof.pkcs11.KeySpec;
import dev.keyproof.pkcs11.PinSource;
import dev.keyproof.pkcs11.SignatureAlgorithm;
import dev.keyproof.pkcs11.Token;
import dev.keyproof.pkcs11.TokenConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Operations per second of a fresh SoftHSM token on 1 and 2 threads: raw SunPKCS11 (one private module copy, cipher and key
 * a thread, all looked up before) and this library on the same keys in the same run. The last line is JSON.
 *
 * <p>SoftHSM takes its folder from the environment, so this runs itself once more with that set.
 */
public final class TokenBench {
    private static final long WARM_MS = 500;
    private static final long SLICE_MS = 300;
    private static final int SLICES = 4;
    private static final int PAYLOAD_BYTES = 32;

    private TokenBench() {}

    private interface Operation {
        void run() throws Exception;
    }

    /** Makes a thread's own operation; the number is the thread's. */
    private interface Source {
        Operation make(int thread) throws Exception;
    }

    /** An optional argument names the module. */
    public static void main(String[] arguments) throws Exception {
        Path module = Path.of(arguments.length > 0 ? arguments[0] : "/usr/lib/softhsm/libsofthsm2.so");
        if (System.getenv("KEYPROOF_BENCH_FOLDER") == null) {
            System.exit(again(module));
        }
        measure(module, Path.of(System.getenv("KEYPROOF_BENCH_FOLDER")));
    }

    private static int again(Path module) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("keyproof-token-bench-");
        try {
            Path conf = folder.resolve("softhsm2.conf");
            Path tokens = Files.createDirectory(folder.resolve("tokens"));
            Files.writeString(conf, "directories.tokendir = " + tokens + "\nlog.level = ERROR\n");
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            TokenBench.class.getName(),
                            module.toString())
                    .inheritIO();
            builder.environment().put("SOFTHSM2_CONF", conf.toString());
            builder.environment().put("KEYPROOF_BENCH_FOLDER", folder.toString());
            return builder.start().waitFor();
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void measure(Path module, Path folder) throws Exception {
        PinSource pin = PinSource.of("123456".toCharArray());
        Token.initialise(module, "bench", PinSource.of("so-123456".toCharArray()), pin);
        List<String> rows = new ArrayList<>();
        try (Token token = Token.open(new TokenConfig(module, "bench", pin))) {
            KeyHandle rsa = token.generate(KeySpec.RSA_2048, "rsa".getBytes(UTF_8), "rsa");
            KeyHandle ec = token.generate(KeySpec.EC_P256, "ec".getBytes(UTF_8), "ec");
            KeyHandle aes = token.generate(KeySpec.AES_256_GCM, "aes".getBytes(UTF_8), "aes");
            byte[] payload = new byte[PAYLOAD_BYTES];
            List<Raw> raws = List.of(Raw.open(module, folder, 0), Raw.open(module, folder, 1));
            for (int threads = 1; threads <= 2; threads++) {
                int shards = token.info().shards();
                add(
                        rows,
                        "sign-rsa2048",
                        threads,
                        shards,
                        thread -> raws.get(thread).signer("SHA256withRSA", "rsa"),
                        thread -> () -> token.sign(rsa, SignatureAlgorithm.RSA_PKCS1_SHA256, payload));
                add(
                        rows,
                        "sign-p256",
                        threads,
                        shards,
                        thread -> raws.get(thread).signer("SHA256withECDSA", "ec"),
                        thread -> () -> token.sign(ec, SignatureAlgorithm.ECDSA_SHA256, payload));
                add(
                        rows,
                        "encrypt-gcm",
                        threads,
                        shards,
                        thread -> raws.get(thread).encryptor("aes"),
                        thread -> () -> token.encrypt(aes, payload, payload));
            }
        }
        System.out.println("[" + String.join(", ", rows) + "]");
    }

    /** Raw and library take turns in short slices, so that what else the machine does falls on both. */
    private static void add(List<String> rows, String name, int threads, int shards, Source raw, Source ours)
            throws Exception {
        double bare;
        double library;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Operation> raws = operations(threads, raw);
            List<Operation> own = operations(threads, ours);
            perSecond(pool, raws, WARM_MS);
            perSecond(pool, own, WARM_MS);
            bare = 0;
            library = 0;
            for (int slice = 0; slice < SLICES; slice++) {
                bare += perSecond(pool, raws, SLICE_MS) / SLICES;
                library += perSecond(pool, own, SLICE_MS) / SLICES;
            }
        }
        String row = name + (threads == 1 ? "-1-thread" : "-" + threads + "-threads");
        System.out.printf(
                Locale.ROOT,
                "%-24s raw SunPKCS11 %9.0f/s   token library (%d shards) %9.0f/s   ratio %.2f%n",
                row,
                bare,
                shards,
                library,
                library / bare);
        rows.add(json("raw-" + row, bare, "", 1));
        rows.add(json(row, library, "raw SunPKCS11, a module copy a thread, in the same run", library / bare));
    }

    private static String json(String name, double value, String against, double ratio) {
        return String.format(
                Locale.ROOT,
                "{\"name\": \"%s\", \"value\": %.0f, \"unit\": \"calls/s\", \"against\": \"%s\", \"ratio\": %.3f}",
                name,
                value,
                against,
                ratio);
    }

    private static List<Operation> operations(int threads, Source source) throws Exception {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            operations.add(source.make(i));
        }
        return operations;
    }

    private static double perSecond(ExecutorService pool, List<Operation> operations, long millis) throws Exception {
        List<Callable<Double>> loops = new ArrayList<>();
        for (Operation operation : operations) {
            loops.add(() -> loop(operation, millis));
        }
        double sum = 0;
        for (Future<Double> rate : pool.invokeAll(loops)) {
            sum += rate.get();
        }
        return sum;
    }

    private static double loop(Operation operation, long millis) throws Exception {
        long start = System.nanoTime();
        long end = start + millis * 1_000_000;
        long count = 0;
        long now;
        do {
            operation.run();
            count++;
            now = System.nanoTime();
        } while (now < end);
        return count * 1e9 / (now - start);
    }

    /** SunPKCS11 on a module copy of its own, set up without this library. */
    private record Raw(Provider provider, KeyStore keys) {

        static Raw open(Path module, Path folder, int number) throws Exception {
            Path copy = folder.resolve("raw" + number + ".so");
            Files.copy(module, copy);
            Provider provider = Security.getProvider("SunPKCS11")
                    .configure("--name=raw" + number + "\nlibrary=" + copy + "\nslotListIndex=0\n");
            KeyStore keys = KeyStore.getInstance("PKCS11", provider);
            keys.load(null, "123456".toCharArray());
            return new Raw(provider, keys);
        }

        Operation signer(String algorithm, String alias) throws Exception {
            Signature signature = Signature.getInstance(algorithm, provider);
            signature.initSign((PrivateKey) keys.getKey(alias, null));
            byte[] payload = new byte[PAYLOAD_BYTES];
            return () -> {
                signature.update(payload);
                signature.sign();
            };
        }

        Operation encryptor(String alias) throws Exception {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
            var key = keys.getKey(alias, null);
            byte[] payload = new byte[PAYLOAD_BYTES];
            ByteBuffer iv = ByteBuffer.allocate(12);
            return () -> {
                // The provider refuses an IV that it has just used; uniqueness is not the point of a raw loop.
                iv.putLong(0, iv.getLong(0) + 1);
                cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, iv.array()));
                cipher.updateAAD(payload);
                cipher.doFinal(payload);
            };
        }
    }
}
