package dev.keyproof.review;

import dev.keyproof.review.cli.PolicyCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import picocli.CommandLine;

/** The command as a program of its own, for recipes that run {@code keyproof}; the real one would build the checkout first. */
final class TestingKeyproof {
    private TestingKeyproof() {}

    /** {@code policy} and its arguments. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new PolicyCommand()).execute(Arrays.copyOfRange(arguments, 1, arguments.length)));
    }

    /** A folder in which {@code keyproof} stands. */
    static Path in(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path script = Files.writeString(folder.resolve("keyproof"), """
                #!/bin/sh
                exec "%s/bin/java" -cp "%s" "-Dkeyproof.checkout=%s" dev.keyproof.review.TestingKeyproof "$@"
                """.formatted(
                System.getProperty("java.home"), System.getProperty("java.class.path"), TestingRepository.KEYPROOF));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return folder;
    }
}
