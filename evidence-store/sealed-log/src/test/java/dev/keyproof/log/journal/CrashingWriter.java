package dev.keyproof.log.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.note.TestingSigner;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;

/** A process that appends until it is killed, and says on its standard output what was acknowledged and signed. */
final class CrashingWriter {
    private static final int CALLERS = 8;

    private CrashingWriter() {}

    public static void main(String[] arguments) throws Exception {
        Journal journal = Journal.open(Path.of(arguments[0]), "broker-1", JournalOptions.DEFAULTS);
        String run = arguments[1];
        PrintStream out = System.out;
        for (int caller = 0; caller < CALLERS; caller++) {
            String name = run + "-" + caller;
            Thread.ofPlatform().start(() -> append(journal, name, out));
        }
        TestingSigner signer = TestingSigner.ecdsa("broker-1");
        while (true) {
            Optional<SignedHead> head = journal.signHead(signer);
            if (head.isPresent()) {
                out.println("head " + head.get().size() + " "
                        + head.get().checkpoint().root());
            }
        }
    }

    private static void append(Journal journal, String name, PrintStream out) {
        for (int i = 0; ; i++) {
            String id = name + "-" + i;
            JournalPosition position = journal.append((source, epoch, sequence, previous) ->
                            (id + " " + sequence + " " + "x".repeat(300)).getBytes(UTF_8))
                    .join();
            out.println("entry " + position.sequence() + " " + id);
        }
    }
}
