package dev.keyproof.broker;

import dev.keyproof.broker.config.SecretSettings;
import dev.keyproof.broker.config.StartFailure;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The key broker as a process: {@code java -cp ... dev.keyproof.broker.BrokerApplication
 * --spring.config.location=file:CONFIG}. Exit code 2 and a line for each fault when it cannot start.
 */
@SpringBootApplication
public class BrokerApplication {
    private static final int CANNOT_START = 2;

    public static void main(String[] args) {
        try {
            start(args);
        } catch (RuntimeException e) {
            for (String line : StartFailure.lines(e)) {
                System.err.println("broker: " + line);
            }
            System.err.flush();
            // Spring has closed what it had opened; a thread of a library must not keep the process.
            System.exit(CANNOT_START);
        }
    }

    /** Starts a broker in this process. */
    static ConfigurableApplicationContext start(String... args) {
        SpringApplication application = new SpringApplication(BrokerApplication.class);
        application.setBannerMode(Banner.Mode.OFF);
        application.setDefaultProperties(defaults());
        application.addInitializers(context -> SecretSettings.settle(context.getEnvironment()));
        return application.run(args);
    }

    private static Map<String, Object> defaults() {
        Map<String, Object> defaults = new HashMap<>();
        defaults.put("spring.application.name", "keyproof-broker");
        defaults.put("server.address", "127.0.0.1");
        defaults.put("server.port", "18440");
        defaults.put("server.shutdown", "graceful");
        defaults.put("spring.lifecycle.timeout-per-shutdown-phase", "5s");
        defaults.put("spring.threads.virtual.enabled", "true");
        defaults.put("spring.main.log-startup-info", "false");
        defaults.put("spring.web.resources.add-mappings", "false");
        // Nothing here takes a form.
        defaults.put("spring.servlet.multipart.enabled", "false");
        defaults.put("spring.jackson.deserialization.fail-on-unknown-properties", "true");
        defaults.put("spring.jackson.default-property-inclusion", "non_null");
        defaults.put("spring.datasource.hikari.maximum-pool-size", "8");
        defaults.put("spring.datasource.hikari.connection-timeout", "3000");
        defaults.put("spring.datasource.hikari.validation-timeout", "1000");
        // Seconds: what a database that hangs keeps waiting. Migrations, which may take long, have a connection of
        // their own.
        defaults.put("spring.datasource.hikari.data-source-properties.socketTimeout", "5");
        defaults.put("spring.datasource.hikari.data-source-properties.connectTimeout", "2");
        defaults.put("springdoc.api-docs.path", "/openapi.json");
        defaults.put("springdoc.api-docs.version", "openapi_3_1");
        defaults.put("springdoc.writer-with-order-by-keys", "true");
        // A start that fails is told in one line by main, not in a trace by each library.
        defaults.put("logging.level.org.springframework.boot.SpringApplication", "OFF");
        defaults.put("logging.level.org.springframework.boot.diagnostics", "OFF");
        defaults.put("logging.level.org.springframework.boot.autoconfigure.logging", "OFF");
        defaults.put("logging.level.org.springframework.boot.web", "OFF");
        defaults.put("logging.level.org.springframework.boot.jetty", "OFF");
        defaults.put("logging.level.org.eclipse.jetty", "OFF");
        defaults.put("logging.level.com.zaxxer.hikari", "OFF");
        defaults.put("logging.level.org.flywaydb", "WARN");
        defaults.put("logging.level.org.springdoc", "ERROR");
        defaults.put("logging.level.org.springframework.web.servlet", "ERROR");
        defaults.put(
                "logging.pattern.console", "%d{yyyy-MM-dd'T'HH:mm:ss.SSSX,UTC} level=%level logger=%logger{0} %msg%n");
        return defaults;
    }
}
