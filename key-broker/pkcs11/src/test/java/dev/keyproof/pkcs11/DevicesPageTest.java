package dev.keyproof.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The table in DEVICES.md is what the contract tests expect of each token, and those are what the tokens showed. */
class DevicesPageTest {
    private static final Capabilities SOFT_HSM = SoftHsmContractTest.SOFT_HSM;
    private static final Capabilities NSS = NssContractTest.NSS;

    @Test
    void hasTheTableThatTheTokensShow() throws Exception {
        StringBuilder table = new StringBuilder("| | SoftHSM 2.6 | NSS softokn 3.87 |\n|---|---|---|\n");
        for (KeySpec spec : KeySpec.values()) {
            row(table, spec.name(), kinds(SOFT_HSM, spec), kinds(NSS, spec));
        }
        for (EncryptionAlgorithm algorithm : EncryptionAlgorithm.values()) {
            row(table, algorithm.name(), has(SOFT_HSM.encryptions(), algorithm), has(NSS.encryptions(), algorithm));
        }
        for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
            row(table, algorithm.name(), has(SOFT_HSM.signatures(), algorithm), has(NSS.signatures(), algorithm));
        }
        for (Guard guard : Guard.values()) {
            row(table, "guard " + guard.name(), has(SOFT_HSM.guards(), guard), has(NSS.guards(), guard));
        }

        assertThat(Files.readString(Path.of("DEVICES.md"))).contains(table);
    }

    private static void row(StringBuilder table, String what, String softHsm, String nss) {
        table.append("| ")
                .append(what)
                .append(" | ")
                .append(softHsm)
                .append(" | ")
                .append(nss)
                .append(" |\n");
    }

    private static String kinds(Capabilities token, KeySpec spec) {
        boolean resident = token.resident().contains(spec);
        boolean replicated = token.replicated().contains(spec);
        return resident && replicated ? "resident, replicated" : resident ? "resident" : "-";
    }

    private static <T> String has(Set<T> all, T one) {
        return all.contains(one) ? "yes" : "-";
    }
}
