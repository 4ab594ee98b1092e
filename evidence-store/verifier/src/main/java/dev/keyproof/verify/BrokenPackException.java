package dev.keyproof.verify;

/** The pack is broken or altered; {@link #fault} says where. */
public final class BrokenPackException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Fault fault;

    public BrokenPackException(Fault fault) {
        super(fault.toString());
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }

    static BrokenPackException of(Reason reason, String file, String sentence) {
        return new BrokenPackException(Fault.of(reason, file, sentence));
    }

    static BrokenPackException of(Reason reason, String file, Exception cause) {
        return of(reason, file, String.valueOf(cause.getMessage()));
    }

    static BrokenPackException at(Reason reason, String file, String entry, String sentence) {
        return new BrokenPackException(Fault.at(reason, file, entry, sentence));
    }
}
