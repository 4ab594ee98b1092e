package dev.keyproof.log.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keyproof.log.EntryRange;
import dev.keyproof.log.LogException;
import dev.keyproof.log.LogFullException;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.LogPoisonedException;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * A process whose system calls are made to fail, or at one of which it is killed. Says what was acknowledged and released, what failed,
 * and as a fault what must not have been taken.
 */
final class SweptWriter {
    static final String ORIGIN = "keyproof/log/swept";
    /** Little preallocation, so that few of the calls are for it. */
    static final LogOptions OPTIONS = new LogOptions(256 << 10, 1 << 20);

    private final SealedLog log;
    private final DrillKey key;
    private boolean poisoned;

    private SweptWriter(SealedLog log, DrillKey key) {
        this.log = log;
        this.key = key;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        Path dir = folder.resolve("log");
        DrillKey key = DrillKey.read(folder, ORIGIN);
        try {
            switch (arguments[0]) {
                case "write" -> write(dir, key);
                case "recover" -> recover(dir, key);
                case "rebuild" -> say("rebuilt " + SealedLog.rebuild(dir));
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        } catch (LogException e) {
            say("failed " + e);
        }
    }

    private static void write(Path dir, DrillKey key) throws LogException, InterruptedException {
        try (SealedLog log = SealedLog.open(dir, ORIGIN, OPTIONS)) {
            SweptWriter writer = new SweptWriter(log, key);
            writer.append(3, 40);
            writer.append(1, 0);
            writer.publish();
            writer.append(300, 10);
            writer.publish();
            writer.append(2, 5000);
        }
    }

    private static void recover(Path dir, DrillKey key) throws LogException {
        try (SealedLog log = SealedLog.open(dir, ORIGIN, OPTIONS)) {
            new SweptWriter(log, key).publish();
        }
    }

    private void append(int count, int padding) throws InterruptedException {
        String id = "swept-" + log.size() + "-" + count;
        try {
            EntryRange range = log.append(DrillEntry.append(id, count, padding), id.getBytes(UTF_8))
                    .get();
            say(poisoned ? "fault: taken after a failed write: " + id : Ledger.acknowledged(range, id));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LogPoisonedException) {
                poisoned = true;
                say("failed " + e.getCause());
            } else if (e.getCause() instanceof LogFullException) {
                say("failed " + e.getCause());
            } else {
                say("fault: " + e.getCause());
            }
        }
    }

    private void publish() {
        try {
            SignedHead head = log.publish(List.of(key));
            say(Ledger.released(head));
        } catch (LogException e) {
            say("failed " + e);
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
