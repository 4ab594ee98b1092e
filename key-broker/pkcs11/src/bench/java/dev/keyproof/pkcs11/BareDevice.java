package dev.keyproof.pkcs11;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * What the module does at best: C_SignInit and C_Sign, C_EncryptInit and C_Encrypt again and again in a loop of their own, on session
 * keys, each thread with a session on one of two copies of the module, memory laid out before. Prints a line for each operation: name,
 * best calls per second of 1, 2 and 4 threads, and p95 in nanoseconds of a call where 2,000 are asked for in a second.
 */
public final class BareDevice {
    private static final MethodHandle JPJ = Cryptoki.function(JAVA_LONG, ADDRESS, JAVA_LONG);
    private static final MethodHandle JPJPP = Cryptoki.function(JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
    private static final int[] THREADS = {1, 2, 4};
    private static final long WARM_NANOS = 1_000_000_000L;
    private static final long NANOS = 2_000_000_000L;
    private static final int PACED_PER_SECOND = 2_000;
    private static final int PACED_THREADS = 2;

    private BareDevice() {}

    private record Work(String name, int init, Mechanism mechanism, int bytes) {}

    private static final List<Work> WORKS = List.of(
            new Work("sign-rsa2048", 42, Mechanism.of(Ck.RSA_PKCS), 51),
            new Work("sign-p256", 42, Mechanism.of(Ck.ECDSA), 32),
            new Work("encrypt-gcm", 29, Gcm.mechanism(new byte[12], new byte[32]), 32));

    /** Arguments: module, token label, file with the PIN. The token comes from the environment. */
    public static void main(String[] arguments) throws Exception {
        try (ModuleCopies copies = ModuleCopies.of(Path.of(arguments[0]), 2)) {
            List<Cryptoki> modules = new ArrayList<>();
            List<Long> slots = new ArrayList<>();
            for (Path copy : copies.modules()) {
                Cryptoki module = Cryptoki.load(copy);
                long slot = Slots.withLabel(module, arguments[1]);
                module.login(module.openSession(slot), Ck.USER, Pins.bytes(PinSource.file(Path.of(arguments[2]))));
                modules.add(module);
                slots.add(slot);
            }
            for (Work work : WORKS) {
                double best = 0;
                for (int threads : THREADS) {
                    best = Math.max(best, run(work, modules, slots, threads, 0).perSecond());
                }
                Measured paced = run(work, modules, slots, PACED_THREADS, PACED_PER_SECOND / PACED_THREADS);
                System.out.printf(Locale.ROOT, "%s %.0f %d%n", work.name(), best, paced.p95Nanos());
            }
        }
    }

    private record Measured(double perSecond, long p95Nanos) {}

    private static Measured run(Work work, List<Cryptoki> modules, List<Long> slots, int threads, int pace)
            throws Exception {
        List<Callable<long[]>> loops = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Cryptoki module = modules.get(i % modules.size());
            long slot = slots.get(i % modules.size());
            loops.add(() -> {
                try (Arena arena = Arena.ofConfined()) {
                    Caller caller = new Caller(module, module.openSession(slot), work, arena);
                    caller.loop(WARM_NANOS, pace);
                    return caller.loop(NANOS, pace);
                }
            });
        }
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<long[]> all = new ArrayList<>();
            for (Future<long[]> one : pool.invokeAll(loops)) {
                all.add(one.get());
            }
            long[] nanos = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            return new Measured(nanos.length / (NANOS / 1e9), nanos[(int) (nanos.length * 0.95)]);
        }
    }

    /** One thread's session, key and memory. */
    private static final class Caller {
        private final MemorySegment begin;
        private final MemorySegment end;
        private final long session;
        private final long key;
        private final MemorySegment how;
        private final MemorySegment input;
        private final MemorySegment output;
        private final MemorySegment length;
        private final int bytes;

        Caller(Cryptoki module, long session, Work work, Arena arena) throws TokenException {
            this.begin = module.function(work.init());
            this.end = module.function(work.init() + 1);
            this.session = session;
            this.key = key(module, session, work.name());
            this.how = work.mechanism().in(arena);
            this.bytes = work.bytes();
            this.input = arena.allocate(bytes);
            this.output = arena.allocate(1024);
            this.length = arena.allocate(JAVA_LONG);
        }

        private static long key(Cryptoki module, long session, String name) throws TokenException {
            return switch (name) {
                case "sign-rsa2048" -> pair(module, session, KeySpec.RSA_2048);
                case "sign-p256" -> pair(module, session, KeySpec.EC_P256);
                default ->
                    module.generateKey(
                            session,
                            Ck.AES_KEY_GEN,
                            new Template()
                                    .number(Ck.VALUE_LEN, 32)
                                    .flag(Ck.ON_TOKEN, false)
                                    .flag(Ck.SENSITIVE, true)
                                    .flag(Ck.ENCRYPT, true));
            };
        }

        private static long pair(Cryptoki module, long session, KeySpec spec) throws TokenException {
            return module.generateKeyPair(
                            session,
                            KeyKinds.generator(spec),
                            KeyKinds.publicHalf(spec).flag(Ck.ON_TOKEN, false),
                            new Template()
                                    .flag(Ck.ON_TOKEN, false)
                                    .flag(Ck.SENSITIVE, true)
                                    .flag(Ck.SIGN, true))
                    .privateKey();
        }

        /** What each call took; without a pace as many as go, else so many in a second, timed from when they were due. */
        long[] loop(long nanos, int pace) throws TokenException {
            long[] taken = new long[1 << 20];
            int count = 0;
            long start = System.nanoTime();
            long stop = start + nanos;
            long due = start;
            while (due < stop && count < taken.length) {
                while (pace > 0 && System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                call(count);
                long now = System.nanoTime();
                taken[count++] = now - due;
                due = pace > 0 ? start + count * (1_000_000_000L / pace) : now;
            }
            return Arrays.copyOf(taken, count);
        }

        private void call(int number) throws TokenException {
            input.set(JAVA_BYTE, 0, (byte) number);
            length.set(JAVA_LONG, 0, 1024);
            Cryptoki.check("Init", () -> (long) JPJ.invokeExact(begin, session, how, key));
            Cryptoki.check("Use", () -> (long) JPJPP.invokeExact(end, session, input, (long) bytes, output, length));
        }
    }
}
