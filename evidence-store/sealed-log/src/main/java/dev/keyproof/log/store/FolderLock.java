package dev.keyproof.log.store;

import dev.keyproof.log.LogException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** One writer per folder: a lock that the system gives back when the process ends, however it ends. */
public final class FolderLock implements AutoCloseable {
    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock of a store; makes the folder if it is not there.
     *
     * @throws LogException if it is taken
     */
    public static FolderLock take(StoreLayout layout) throws LogException {
        try {
            Files.createDirectories(layout.dir());
            FileChannel channel = FileChannel.open(layout.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            @Nullable FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new LogException(layout.dir() + " is open for writing elsewhere; one process writes a log");
            }
            return new FolderLock(channel);
        } catch (IOException e) {
            throw new LogException("cannot lock " + layout.dir(), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() throws LogException {
        try {
            channel.close();
        } catch (IOException e) {
            throw new LogException("cannot release the lock of a log", e);
        }
    }
}
