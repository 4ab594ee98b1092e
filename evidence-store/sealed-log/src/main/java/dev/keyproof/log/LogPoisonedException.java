package dev.keyproof.log;

import org.jspecify.annotations.Nullable;

/**
 * A write or fdatasync failed, so what the disk holds is unknown. Nothing more is taken until the process is restarted and the log is
 * recovered; an entry that failed with this may or may not be found afterwards.
 */
public final class LogPoisonedException extends LogException {
    private static final long serialVersionUID = 1L;

    public LogPoisonedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
