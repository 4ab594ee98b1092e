package dev.keyproof.evidence.head;

import dev.keyproof.log.note.SignedHead;
import java.nio.file.Path;

/** Seals and signs as fast as it can until it is killed, and prints each head once it is released. */
final class SigningProcess {
    private SigningProcess() {}

    public static void main(String[] args) throws Exception {
        try (TestingSeal seal = new TestingSeal(Path.of(args[0]), args[1])) {
            for (int i = 0; i < 100_000; i++) {
                seal.append(args[2] + "-" + i);
                SignedHead head = seal.publish();
                System.out.println(head.size() + " " + head.checkpoint().root().base64());
            }
        }
    }
}
