package dev.keyproof.launcher.run;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The steps as a list that is drawn again five times a second. */
final class LiveProgress implements Progress {
    private static final String FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private static final int WIDTH = 100;

    private final PrintStream out;
    private final List<Line> lines = new ArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("progress").factory());
    private int drawn;
    private int frame;

    LiveProgress(PrintStream out) {
        this.out = out;
        var _ = clock.scheduleAtFixedRate(this::draw, 200, 200, TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized Step begin(String name, String doing) {
        Line line = new Line(name, doing);
        lines.add(line);
        return line;
    }

    private synchronized void draw() {
        frame++;
        StringBuilder text = new StringBuilder();
        if (drawn > 0) {
            text.append("\u001b[").append(drawn).append('A');
        }
        for (Line line : lines) {
            text.append("\r\u001b[2K")
                    .append(line.shown(FRAMES.charAt(frame % FRAMES.length())))
                    .append('\n');
        }
        drawn = lines.size();
        out.print(text);
        out.flush();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        draw();
    }

    private final class Line implements Step {
        private final String name;
        private final Instant begun = Instant.now();
        private String text;
        private @Nullable Instant ended;
        private boolean failed;

        private Line(String name, String text) {
            this.name = name;
            this.text = text;
        }

        @Override
        public void doing(String what) {
            synchronized (LiveProgress.this) {
                text = what;
            }
        }

        @Override
        public void done(String result) {
            end(result, false);
        }

        @Override
        public void failed(String why) {
            end(why, true);
        }

        private void end(String result, boolean bad) {
            synchronized (LiveProgress.this) {
                text = result;
                failed = bad;
                ended = Instant.now();
            }
        }

        private String shown(char spinner) {
            Instant until = ended == null ? Instant.now() : ended;
            String mark = ended == null ? "\u001b[36m" + spinner : failed ? "\u001b[31m✗" : "\u001b[32m✓";
            String shortened = text.length() <= WIDTH ? text : text.substring(0, WIDTH) + "…";
            return "  %s\u001b[0m %-18s \u001b[2m%s\u001b[0m  %s"
                    .formatted(mark, name, Progress.seconds(Duration.between(begun, until)), shortened);
        }
    }
}
