package dev.keyproof.launcher.run;

import dev.keyproof.launcher.home.Home;
import dev.keyproof.launcher.home.LauncherException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps two launchers from starting and stopping the same parts at once. */
public final class HomeLock implements AutoCloseable {
    private final FileChannel channel;

    private HomeLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the home for this process.
     *
     * @throws LauncherException if another launcher has it
     */
    public static HomeLock take(Home home) throws LauncherException {
        try {
            FileChannel channel =
                    FileChannel.open(home.run().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            @Nullable FileLock lock = null;
            try {
                lock = channel.tryLock();
            } catch (OverlappingFileLockException held) {
                // The same as held by another process.
            }
            if (lock == null) {
                channel.close();
                throw new LauncherException(
                        "another keyproof command works on " + home.root() + "; wait for it to end");
            }
            return new HomeLock(channel);
        } catch (IOException e) {
            throw LauncherException.because("cannot lock " + home.root(), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException ignored) {
            // The lock ends with the process at the latest.
        }
    }
}
