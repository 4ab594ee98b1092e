package dev.keyproof.broker.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Secrets come out of files or the environment. One that stands in the configuration itself, which is copied, mailed and committed, or on
 * the command line, which everybody on the machine reads, is refused.
 */
public final class SecretSettings {
    private static final Pattern OURS = Pattern.compile("(keyproof|spring|server|logging|springdoc)[.\\[].*");
    private static final Pattern SECRET = Pattern.compile(".*(password|passphrase|secret|credentials|pin)");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[^:}]+}");
    private static final Pattern IN_URL = Pattern.compile("(?i).*([?&]password=|://[^/@]*:[^/@]*@).*");

    private SecretSettings() {}

    /**
     * Refuses secrets that stand where they must not, and reads those that the settings name files for.
     *
     * @throws ConfigurationFault with a line for each such secret, or for a file that cannot be read
     */
    public static void settle(ConfigurableEnvironment environment) {
        List<String> faults = new ArrayList<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> listed
                    && !(source instanceof SystemEnvironmentPropertySource)
                    && !(source instanceof ConfigTreePropertySource)) {
                for (String name : listed.getPropertyNames()) {
                    String fault = fault(name, String.valueOf(listed.getProperty(name)));
                    if (fault != null) {
                        faults.add(name + ": " + fault);
                    }
                }
            }
        }
        if (!faults.isEmpty()) {
            throw new ConfigurationFault(faults.stream().distinct().sorted().toList());
        }
        String file = environment.getProperty("keyproof.database.password-file");
        if (file != null && !file.isBlank()) {
            environment
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "secret files", Map.of("spring.datasource.password", read(Path.of(file)))));
        }
    }

    private static @Nullable String fault(String name, String value) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
        if (!OURS.matcher(plain).matches()
                || value.isBlank()
                || PLACEHOLDER.matcher(value.strip()).matches()) {
            return null;
        }
        if (plain.equals("spring.datasource.password")) {
            return "a secret does not stand in the configuration; name its file in keyproof.database.password-file, or set"
                    + " SPRING_DATASOURCE_PASSWORD in the environment";
        }
        if (SECRET.matcher(plain).matches() || value.contains("PRIVATE KEY-----")) {
            return "a secret does not stand in the configuration; put it into a file of a folder that is imported"
                    + " (spring.config.import: configtree:FOLDER/), or into the environment";
        }
        if (plain.endsWith("url") && IN_URL.matcher(value).matches()) {
            return "a password does not stand in a URL; name its file in keyproof.database.password-file";
        }
        return null;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new ConfigurationFault(
                    "keyproof.database.password-file: " + file + " cannot be read ("
                            + e.getClass().getSimpleName() + "); let the broker's account read it",
                    e);
        }
    }
}
