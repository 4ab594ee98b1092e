package dev.keyproof.stream.detect;

import dev.keyproof.stream.read.KeyEvent;
import org.jspecify.annotations.Nullable;

/** What crosses the network to the detectors, once per event. A Flink POJO, so public and mutable by Flink's contract. */
public final class KeyUse {
    public String uid = "";
    public long time;
    public String operation = "";
    public String key = "";
    public String actor = "";
    public boolean use;
    public boolean success;
    public boolean denied;
    public int count;
    public @Nullable String run;

    public KeyUse() {}

    static KeyUse of(KeyEvent event) {
        KeyUse use = new KeyUse();
        use.uid = event.uid;
        use.time = event.time;
        use.operation = event.operation;
        use.key = event.key;
        use.actor = event.actor;
        use.use = event.use;
        use.success = event.success;
        use.denied = event.denied;
        use.count = event.count;
        use.run = event.run;
        return use;
    }
}
