package dev.keyproof.launcher.parts;

import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.process.Command;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** One process of an installation. */
public interface Part {
    /** Its name, as in {@code logs/NAME.log}. */
    String name();

    /** Where people and programs find it. */
    String address();

    /** The ports it listens on, by the names that {@code config.yaml} gives them. */
    Map<String, Integer> ports();

    /** The parts that must be well before it starts. */
    Set<String> after();

    /**
     * Makes what it needs before it starts: folders, keys, files. Doing it again changes nothing.
     *
     * @throws LauncherException if that cannot be made
     */
    void prepare() throws LauncherException;

    /**
     * The command that starts it.
     *
     * @throws LauncherException if something it needs is missing
     */
    Command command() throws LauncherException;

    /** Asks it how it is; never takes longer than about two seconds. */
    Health health();

    /**
     * Does, once it is well, what its users rely on. Doing it again changes nothing.
     *
     * @throws LauncherException if that fails
     */
    default void settle() throws LauncherException {}

    /** How long it may take to be well. */
    default Duration startsWithin() {
        return Duration.ofMinutes(2);
    }

    /** How long it may take to end after it was asked to. */
    default Duration stopsWithin() {
        return Duration.ofSeconds(15);
    }
}
