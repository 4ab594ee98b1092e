package dev.keyproof.log.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keyproof.log.EntryRange;
import dev.keyproof.log.LogException;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;

/**
 * A process that appends by several threads and publishes by another until it is killed. On its standard output it says what was
 * acknowledged and released; one that is ended by an error says why on standard error.
 */
final class DrillWriter {
    static final String ORIGIN = "keyproof/log/drill";
    private static final int CALLERS = 4;
    private static final int MOST_ENTRIES = 20;
    private static final int MOST_PADDING = 600;
    private static final int FAILED = 1;

    private DrillWriter() {}

    /** Folder of the drill, a name for this run, and a seed. */
    public static void main(String[] arguments)
            throws IOException, GeneralSecurityException, LogException, InterruptedException {
        Path folder = Path.of(arguments[0]);
        String run = arguments[1];
        long seed = Long.parseLong(arguments[2]);
        DrillKey key = DrillKey.read(folder, ORIGIN);
        SealedLog log = SealedLog.open(folder.resolve("log"), ORIGIN, LogOptions.DEFAULTS);
        Semaphore something = new Semaphore(1);
        for (int caller = 0; caller < CALLERS; caller++) {
            String name = run + "-" + caller;
            Random random = new Random(seed + caller);
            Thread.ofPlatform().start(() -> append(log, name, random, something));
        }
        while (true) {
            something.acquire();
            something.drainPermits();
            SignedHead head = log.publish(List.of(key));
            System.out.println(Ledger.released(head));
        }
    }

    private static void append(SealedLog log, String name, Random random, Semaphore something) {
        try {
            for (int i = 0; ; i++) {
                String id = name + "-" + i;
                List<byte[]> entries =
                        DrillEntry.append(id, 1 + random.nextInt(MOST_ENTRIES), random.nextInt(MOST_PADDING));
                EntryRange range = log.append(entries, id.getBytes(UTF_8)).join();
                System.out.println(Ledger.acknowledged(range, id));
                something.release();
            }
        } catch (RuntimeException e) {
            System.err.println(name + ": " + e);
            Runtime.getRuntime().halt(FAILED);
        }
    }
}
