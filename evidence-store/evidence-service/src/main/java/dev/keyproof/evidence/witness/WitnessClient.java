package dev.keyproof.evidence.witness;

import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteSignature;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.note.SignedNote;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Submits heads to one witness (C2SP tlog-witness, add-checkpoint) and believes only what its key signed. Thread-safe. */
final class WitnessClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int LARGEST_ANSWER = 64 << 10;

    private final URI address;
    private final NoteVerifier verifier;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /** {@code prefix} is the witness's submission prefix. */
    WitnessClient(URI prefix, NoteVerifier verifier) {
        this.address = URI.create(prefix.toString().replaceAll("/+$", "") + "/add-checkpoint");
        this.verifier = verifier;
    }

    /** What the witness said. */
    sealed interface Reply {
        /** It saw the head and cosigned. */
        record Cosigned(List<NoteSignature> signatures) implements Reply {}

        /** The last head it saw is of this size. */
        record Knows(long size) implements Reply {}

        /** It knows no log of that name. */
        record UnknownLog() implements Reply {}

        /** It saw another tree: two histories of one log were signed. */
        record Contradiction() implements Reply {}

        /** It does not answer as a witness does. */
        record Failed(String reason) implements Reply {}
    }

    /** The witness's name. */
    String name() {
        return verifier.name();
    }

    /** Submits a head with the proof that it goes on from the one of {@code old} entries. */
    Reply submit(long old, List<Hash> proof, SignedHead head) throws InterruptedException {
        StringBuilder body = new StringBuilder("old ").append(old).append('\n');
        proof.forEach(hash -> body.append(hash.base64()).append('\n'));
        body.append('\n').append(head.note().format());
        try {
            HttpResponse<byte[]> answer = http.send(
                    HttpRequest.newBuilder(address)
                            .timeout(PATIENCE)
                            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                            .build(),
                    HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), LARGEST_ANSWER));
            String text = new String(answer.body(), StandardCharsets.UTF_8);
            return switch (answer.statusCode()) {
                case 200 -> cosigned(head, text);
                case 403 ->
                    new Reply.Failed(
                            "it knows none of the keys that sign this log now: after a rollover its operator adds"
                                    + " --log with the new verifier keys");
                case 404 -> new Reply.UnknownLog();
                case 409 -> conflict(old, head, text);
                case 422 -> new Reply.Contradiction();
                default -> new Reply.Failed("it answered with " + answer.statusCode());
            };
        } catch (IOException e) {
            return new Reply.Failed("it does not answer: " + e.getMessage());
        }
    }

    private Reply cosigned(SignedHead head, String lines) {
        try {
            SignedNote answered = SignedNote.parse(head.note().format() + lines);
            answered.verifiedBy(List.of(verifier));
            return new Reply.Cosigned(
                    answered.signatures().stream().filter(verifier::made).toList());
        } catch (NoteException e) {
            return new Reply.Failed("its cosignature is no good: " + e.getMessage());
        }
    }

    private static Reply conflict(long old, SignedHead head, String text) {
        if (!text.matches("(0|[1-9][0-9]{0,17})\n")) {
            return new Reply.Failed("it answered with 409 and no size");
        }
        long size = Long.parseLong(text.strip());
        // It agrees on the size, so it is the root on which it does not.
        return size == old && size == head.size() ? new Reply.Contradiction() : new Reply.Knows(size);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
