package dev.keyproof.broker.device;

import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.pkcs11.TokenEvent;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What became of the tokens of a group: told by whichever thread notices, put on the record by {@link #record}. */
public final class TokenEvents implements TokenEvent.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(TokenEvents.class);

    private final Queue<TokenEvent> waiting = new ConcurrentLinkedQueue<>();

    @Override
    public void happened(TokenEvent event) {
        LOG.warn("event=token-{} token={} reason=\"{}\"", event.kind(), event.token(), event.reason());
        waiting.add(event);
    }

    /** Puts what happened since on the record, in its order. */
    public void record(Recorder recorder) throws ProblemException {
        for (TokenEvent event = waiting.peek(); event != null; event = waiting.peek()) {
            recorder.append(draft(event));
            waiting.remove();
        }
    }

    private static Draft draft(TokenEvent event) {
        Draft draft = switch (event.kind()) {
            case FAILED ->
                Draft.service("TokenFailed")
                        .failed(new ProblemException(
                                Problem.PROVIDER_UNAVAILABLE, "token " + event.token() + ": " + event.reason()))
                        .message("A token does not serve any more; the others of its group do.");
            case RECOVERED -> Draft.service("TokenRecovered").message("A token serves again.");
        };
        draft.detail()
                .put("token", event.token())
                .put("reason", event.reason())
                .put("noticed", event.at().toString());
        return draft;
    }
}
