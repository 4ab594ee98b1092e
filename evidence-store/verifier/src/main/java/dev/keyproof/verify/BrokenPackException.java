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

    static BrokenPackException of(String file, String reason) {
        return new BrokenPackException(Fault.of(file, reason));
    }

    static BrokenPackException of(String file, Exception cause) {
        return of(file, String.valueOf(cause.getMessage()));
    }

    static BrokenPackException at(String file, String entry, String reason) {
        return new BrokenPackException(Fault.at(file, entry, reason));
    }
}
