package dev.keyproof.stream;

import java.util.List;

/** Settings that cannot be used; each fault is one line that names the key. */
public final class StreamConfigException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> faults;

    public StreamConfigException(List<String> faults) {
        super(String.join("; ", faults));
        this.faults = List.copyOf(faults);
    }

    /** One line each. */
    public List<String> faults() {
        return faults;
    }
}
