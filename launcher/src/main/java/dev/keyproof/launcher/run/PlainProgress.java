package dev.keyproof.launcher.run;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** One line for each step that ends. */
final class PlainProgress implements Progress {
    private final PrintStream out;
    private final InstantSource clock;

    PlainProgress(PrintStream out) {
        this(out, InstantSource.system());
    }

    PlainProgress(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public Step begin(String name, String doing) {
        Instant begun = clock.instant();
        return new Step() {
            @Override
            public void doing(String what) {
                // Only ends are worth a line in a log.
            }

            @Override
            public void done(String result) {
                line("ok", result);
            }

            @Override
            public void failed(String why) {
                line("FAILED", why);
            }

            private void line(String mark, String text) {
                String taken = Progress.seconds(Duration.between(begun, clock.instant()));
                synchronized (out) {
                    out.printf("  %-6s %-18s %s  %s%n", mark, name, taken, text);
                    out.flush();
                }
            }
        };
    }

    @Override
    public void close() {
        out.flush();
    }
}
