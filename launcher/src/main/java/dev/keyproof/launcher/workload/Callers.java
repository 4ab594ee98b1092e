package dev.keyproof.launcher.workload;

import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.setup.Identities;
import java.time.Duration;
import java.util.List;

/** The tokens of those who call in a workload. */
public record Callers(String administrator, List<String> applications, List<String> custodians, String auditor) {
    private static final Duration LIFE = Duration.ofHours(1);

    /** Tokens for everybody, good for an hour. */
    public static Callers of(Identities identities) throws LauncherException {
        return new Callers(
                identities.token("administrator-1", List.of("administrator"), LIFE),
                List.of(
                        identities.token("payments", List.of("application"), LIFE),
                        identities.token("ledger", List.of("application"), LIFE)),
                List.of(
                        identities.token("custodian-1", List.of("custodian"), LIFE),
                        identities.token("custodian-2", List.of("custodian"), LIFE),
                        identities.token("custodian-3", List.of("custodian"), LIFE)),
                identities.token("auditor-1", List.of("auditor"), LIFE));
    }
}
