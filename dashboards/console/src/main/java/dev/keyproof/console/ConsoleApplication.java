package dev.keyproof.console;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** The console's process. Reads only: indices, health addresses and the evidence service's public API. */
@SpringBootApplication
@EnableConfigurationProperties(ConsoleSettings.class)
public class ConsoleApplication {
    public static void main(String[] args) {
        SpringApplication.run(ConsoleApplication.class, args);
    }
}
