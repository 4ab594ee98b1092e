package dev.keyproof.broker.metrics;

/** Told of each call that was answered. */
@FunctionalInterface
public interface CallListener {
    /**
     * A call was answered.
     *
     * @param failed whether the broker could not do it; neither success nor failure is a refusal
     */
    void answered(String operation, boolean success, boolean failed, long nanos);
}
