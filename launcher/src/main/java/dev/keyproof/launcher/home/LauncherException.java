package dev.keyproof.launcher.home;

/** What the launcher could not do: one line that says what, why, and the cure. */
public final class LauncherException extends Exception {
    private static final long serialVersionUID = 1L;

    public LauncherException(String line) {
        super(line);
    }

    public LauncherException(String line, Throwable cause) {
        super(line, cause);
    }

    /** The line {@code what} followed by the reason that the cause gives. */
    public static LauncherException because(String what, Throwable cause) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new LauncherException(what + ": " + reason.lines().findFirst().orElse(reason), cause);
    }
}
