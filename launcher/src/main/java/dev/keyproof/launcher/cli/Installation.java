package dev.keyproof.launcher.cli;

import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.process.Spawner;
import dev.keyproof.launcher.run.House;
import dev.keyproof.launcher.run.Progress;
import dev.keyproof.launcher.run.Shutdown;
import dev.keyproof.launcher.run.Starter;

/** A house that is being brought up: unless it is kept, nothing of it is left running, however this process ends. */
final class Installation implements AutoCloseable {
    private final House house;
    private final Progress progress;
    private final Thread onInterrupt;
    private boolean kept;

    Installation(House house, Progress progress) {
        this.house = house;
        this.progress = progress;
        this.onInterrupt = new Thread(this::stop, "stop-on-interrupt");
        Runtime.getRuntime().addShutdownHook(onInterrupt);
    }

    void start() throws LauncherException {
        new Starter(house, new Spawner(), progress).start();
    }

    /** Leaves it running. */
    void keep() {
        kept = true;
    }

    private void stop() {
        new Shutdown(house, progress).stop();
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(onInterrupt);
            if (!kept) {
                stop();
            }
        } catch (IllegalStateException ending) {
            // The hook runs already and stops everything.
        }
    }
}
