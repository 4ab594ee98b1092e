package dev.keyproof.broker.notice;

import dev.keyproof.broker.approval.Approval;
import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.approval.Approvers;
import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells people what the outbox holds, each way on a thread of its own: no call waits for it, and no way for another. */
public final class Deliveries implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final long LOOK_MS = 500;
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 9;
    private static final Duration GIVEN_UP = Duration.ofDays(1);

    private final NoticeStore store;
    private final List<Channel> channels;
    private final Approvals approvals;
    private final OnCall onCall;
    private final Recorder recorder;
    private final Clock clock;
    private final List<ScheduledExecutorService> threads = new ArrayList<>();

    public Deliveries(
            NoticeStore store,
            List<Channel> channels,
            Approvals approvals,
            OnCall onCall,
            Recorder recorder,
            Clock clock) {
        this.store = store;
        this.channels = channels;
        this.approvals = approvals;
        this.onCall = onCall;
        this.recorder = recorder;
        this.clock = clock;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A look catches what it throws; there is nothing to wait for.
    public void start() {
        for (Channel channel : channels) {
            ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
                    .daemon()
                    .name("notices-" + channel.name())
                    .factory());
            thread.scheduleWithFixedDelay(() -> look(channel), LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
            threads.add(thread);
        }
    }

    private void look(Channel channel) {
        try {
            boolean more = true;
            while (more && !Thread.currentThread().isInterrupted()) {
                more = store.takeOne(channel.name(), notice -> tell(channel, notice));
            }
        } catch (ProblemException | RuntimeException e) {
            LOG.warn("event=notices-failed channel={} reason=\"{}\"", channel.name(), e.getMessage());
        }
    }

    private Optional<Duration> tell(Channel channel, Notice notice) throws ProblemException {
        Approval approval = approvals.find(notice.approval());
        List<String> recipients = recipients(notice, approval);
        if (recipients.isEmpty()) {
            return Optional.empty();
        }
        try {
            channel.tell(notice, approval, recipients);
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn(
                    "event=notice-not-delivered channel={} notice={} attempt={} reason=\"{}\"",
                    channel.name(),
                    notice.id(),
                    notice.attempts() + 1,
                    e.getMessage());
            if (notice.created().plus(GIVEN_UP).isBefore(clock.instant())) {
                recorder.append(givenUp(channel, notice));
                return Optional.empty();
            }
            return Optional.of(FIRST_WAIT.multipliedBy(1L << Math.min(MOST_DOUBLINGS, notice.attempts())));
        }
    }

    /** Those who were asked; while something waits, those alone who have not answered and may. */
    private List<String> recipients(Notice notice, Approval approval) throws ProblemException {
        Approvers approvers = approvals.approvers().approvers();
        int reached = onCall.level(approval, clock.instant());
        return switch (notice.what()) {
            case ASKED -> approvals.unanswered(approval, List.copyOf(onCall.asked(approval, 0, approvers)));
            case ESCALATED ->
                approvals.unanswered(approval, List.copyOf(onCall.asked(approval, notice.level(), approvers)));
            case EXPIRING, OVERDUE -> approvals.unanswered(approval, onCall.askedUpTo(approval, reached, approvers));
            case WITHDRAWN, EXECUTED, EXPIRED -> onCall.askedUpTo(approval, reached, approvers);
        };
    }

    private static Draft givenUp(Channel channel, Notice notice) {
        Draft draft = Draft.service("NoticeFailed")
                .failed(new ProblemException(Problem.INTERNAL, "a notice was not delivered within a day"))
                .message("People could not be told of an approval.");
        draft.detail()
                .put("approval", notice.approval())
                .put("channel", channel.name())
                .put("what", notice.what().name().toLowerCase(Locale.ROOT));
        return draft;
    }

    @Override
    public void close() {
        threads.forEach(ScheduledExecutorService::shutdownNow);
    }
}
