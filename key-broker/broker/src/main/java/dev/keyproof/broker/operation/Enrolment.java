package dev.keyproof.broker.operation;

import dev.keyproof.broker.approval.Approver;
import dev.keyproof.broker.approval.ApproverBook;
import dev.keyproof.broker.approval.Approvers;
import dev.keyproof.broker.approval.BookEntry;
import dev.keyproof.broker.config.ConfigurationFault;
import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.journal.Recorded;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;

/**
 * The first approvers are enrolled on the record at the first start. Who is added to the file later, or changed in it, is not trusted:
 * that enrolment needs a quorum.
 */
public final class Enrolment {
    private static final Logger LOG = LoggerFactory.getLogger(Enrolment.class);

    private final ApproverBook book;
    private final Recorder recorder;

    public Enrolment(ApproverBook book, Recorder recorder) {
        this.book = book;
        this.recorder = recorder;
    }

    /** Enrols those of the file if nobody ever was; of an installation from before there was a book, those whose keys were. */
    public void begin(Approvers configured) {
        try {
            if (book.isEmpty()) {
                Map<String, String> before = book.thumbprints();
                List<BookEntry> first = new ArrayList<>();
                for (Approver approver : configured.all()) {
                    if (before.isEmpty() || approver.thumbprint().equals(before.get(approver.id()))) {
                        first.add(record(first.size() + 1, approver));
                    }
                }
                book.begin(first);
            }
        } catch (DuplicateKeyException e) {
            LOG.info("event=approvers-enrolled by=another-broker");
        } catch (ProblemException e) {
            throw new ConfigurationFault("the first approvers cannot be enrolled on the record: " + e.detail(), e);
        }
    }

    /** Says who of the file is not enrolled as the file has it. */
    public void compare(Approvers configured, Approvers enrolled) {
        for (Approver approver : configured.all()) {
            if (enrolled.find(approver.id())
                    .filter(known -> known.document().equals(approver.document()))
                    .isEmpty()) {
                LOG.warn("event=approver-not-enrolled approver={} thumbprint={}", approver.id(), approver.thumbprint());
            }
        }
    }

    private BookEntry record(long number, Approver approver) throws ProblemException {
        BookEntry entry = new BookEntry(number, BookEntry.ENROL, approver.canonical(), null, "", "", 0);
        Draft draft = Draft.service(BookEntry.ENROL).message("A first approver's key was enrolled.");
        draft.detail().setAll(approver.document());
        draft.detail().put("entry", entry.digest());
        Recorded recorded = recorder.append(draft);
        return entry.at(
                recorded.position().source(),
                recorded.position().epoch(),
                recorded.position().sequence());
    }
}
