package dev.keyproof.verify;

/**
 * A destruction that was ordered earlier, on the approval that the order used up.
 *
 * @param approval id of the approval request
 * @param order uid of the order's intent
 * @param key destroyed
 * @param log folder of the log that holds the outcome
 * @param index the outcome's place there
 */
record OrderedAct(String approval, String order, String key, String log, long index) {
    /** Checks that the approval was given for this very order. */
    void follows(Approval given) throws BrokenPackException {
        if (!given.isOf(order, key)) {
            throw BrokenPackException.of(
                    Reason.ORDER_OTHER,
                    PackContents.approvalFile(approval),
                    "entry " + index + " of " + log + " did what this approval did not order");
        }
    }
}
