package dev.keyproof.launcher.run;

import java.io.PrintStream;
import java.time.Duration;

/** Shows what is going on: on a terminal a list that is drawn again and again, elsewhere one line for each step that ends. */
public interface Progress extends AutoCloseable {
    /** A step that has begun. Exactly one of the two ends is called. */
    interface Step {
        /** Says what it is doing now. */
        void doing(String what);

        /** It is done. */
        void done(String result);

        /** It has failed. */
        void failed(String why);
    }

    /** Begins a step. */
    Step begin(String name, String doing);

    /** Shows the last state and stops drawing. */
    @Override
    void close();

    /** The progress that suits standard output. */
    static Progress show() {
        PrintStream out = System.out;
        // The start script knows whether its standard output is a terminal; Java only knows whether all of its streams
        // are.
        boolean terminal = Boolean.getBoolean("keyproof.terminal");
        return terminal && System.getenv("NO_COLOR") == null ? new LiveProgress(out) : new PlainProgress(out);
    }

    /** Seconds with one decimal. */
    static String seconds(Duration taken) {
        return "%5.1f s".formatted(taken.toMillis() / 1000.0);
    }
}
