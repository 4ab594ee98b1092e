package dev.keyproof.broker.config;

import java.sql.SQLException;
import java.util.List;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.web.server.PortInUseException;

/** Why the broker did not start, a line for each fault instead of a stack trace. */
public final class StartFailure {
    private StartFailure() {}

    /** The lines to show for what stopped the start. */
    public static List<String> lines(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case ConfigurationFault fault -> {
                    return fault.lines();
                }
                case PortInUseException taken -> {
                    return List.of("server.port: port " + taken.getPort()
                            + " is taken; stop what listens there or set another");
                }
                case UnboundConfigurationPropertiesException unknown -> {
                    return unknown.getUnboundProperties().stream()
                            .map(property -> property.getName() + ": is not a setting; remove it or correct its name")
                            .sorted()
                            .toList();
                }
                case SQLException database -> {
                    return List.of("spring.datasource.url: the database does not answer (" + database.getMessage()
                            + "); start it or correct the settings");
                }
                default -> {}
            }
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException bind) {
                return List.of(bind.getName() + ": cannot be read as "
                        + bind.getTarget().getType().toString().replaceAll(".*\\.", ""));
            }
        }
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return List.of("broker does not start: " + root.getClass().getSimpleName() + ": " + root.getMessage());
    }
}
