package dev.keyproof.broker.notice;

import dev.keyproof.broker.approval.Approval;
import java.io.IOException;
import java.util.List;

/** A way by which people are told. */
public interface Channel {
    String name();

    /**
     * Tells it once.
     *
     * @param recipients ids of approvers
     * @throws IOException if it was not taken; it is told again later
     */
    void tell(Notice notice, Approval approval, List<String> recipients) throws IOException;
}
