package dev.keyproof.launcher.parts;

import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.process.Command;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A part that is one of our own modules.
 *
 * @param name its name
 * @param module its folder in the checkout
 * @param mainClass what to run
 * @param arguments its arguments
 * @param port where it answers
 * @param otherPorts further ports it listens on, by the names of {@code config.yaml}
 * @param after the parts it needs
 * @param heapMib its largest heap
 * @param flags more flags for its Java machine
 * @param environment what its environment holds beyond the usual
 * @param folder its working folder
 * @param preparation what is made before it starts
 */
public record JavaPart(
        Checkout checkout,
        String name,
        String module,
        String mainClass,
        List<String> arguments,
        int port,
        Map<String, Integer> otherPorts,
        Set<String> after,
        int heapMib,
        List<String> flags,
        Map<String, String> environment,
        Path folder,
        Preparation preparation)
        implements Part {
    private static final Http HTTP = new Http();

    /** Makes what a part needs before it starts. */
    @FunctionalInterface
    public interface Preparation {
        /**
         * Makes it; doing it again changes nothing.
         *
         * @throws LauncherException if it cannot be made
         */
        void run() throws LauncherException;
    }

    @Override
    public String address() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public Map<String, Integer> ports() {
        Map<String, Integer> ports = new java.util.LinkedHashMap<>(otherPorts);
        ports.put(name, port);
        return ports;
    }

    @Override
    public void prepare() throws LauncherException {
        preparation.run();
    }

    @Override
    public Command command() throws LauncherException {
        List<String> words =
                new ArrayList<>(JavaFlags.java(checkout.java(), heapMib, flags, checkout.classPath(module)));
        words.add(mainClass);
        words.addAll(arguments);
        return new Command(words, environment, folder);
    }

    @Override
    public Health health() {
        return HTTP.health(URI.create(address() + "/health"));
    }

    @Override
    public Duration stopsWithin() {
        return Duration.ofSeconds(12);
    }
}
