package dev.keyproof.broker.ceremony;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.f4b6a3.ulid.UlidCreator;
import dev.keyproof.broker.backup.BackedUp;
import dev.keyproof.broker.key.KeyVersion;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.provider.SignatureScheme;
import dev.keyproof.broker.provider.Use;
import dev.keyproof.broker.provider.pkcs11.BirthBook;
import dev.keyproof.broker.provider.pkcs11.Pkcs11Provider;
import dev.keyproof.pkcs11.GroupRoot;
import dev.keyproof.pkcs11.Token;
import dev.keyproof.pkcs11.TokenException;
import dev.keyproof.pkcs11.TokenObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Restores into an empty token and proves every key by its use. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description =
                "Puts the root together from shares, imports it into an empty token, and uses each key of a backup there: signs and verifies, encrypts and decrypts, authenticates.",
        footer = {
            "",
            "Example: ./keyproof drill restore --token drill --module /usr/lib/softhsm/libsofthsm2.so --pin-file drill.pin \\",
            "           --transcript ceremony/01K....json --share opened/share-1.json --share opened/share-3.json \\",
            "           --backup backups/keys-....json --out drills"
        })
final class RestoreDrill implements Callable<Integer> {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
    private static final byte[] MESSAGE = "restored".getBytes(StandardCharsets.UTF_8);

    @ArgGroup(exclusive = false, multiplicity = "1")
    private TokenOption token = new TokenOption();

    @Mixin
    private SharesOption shares = new SharesOption();

    @Option(names = "--backup", required = true, paramLabel = "FILE", description = "a backup of wrapped keys")
    private Path backup = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "where the report goes")
    private Path out = Path.of("");

    private final ObjectMapper json = new ObjectMapper();
    private final Clock clock = Clock.systemUTC();

    /** Whatever becomes of it, there is a report: of keys that work or do not, or of why it could not be tried. */
    @Override
    public Integer call() throws CeremonyException, IOException {
        Instant began = clock.instant();
        ObjectNode report = json.createObjectNode()
                .put("drill", "restore")
                .put("began", began.truncatedTo(ChronoUnit.MILLIS).toString())
                .put("passed", false);
        try {
            restore(report);
        } catch (CeremonyException e) {
            report.put("refused", e.getMessage());
            throw e;
        } finally {
            report.put("ended", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
            Path file = Output.in(out)
                    .write(
                            "restore-" + STAMP.format(began) + "-" + UlidCreator.getUlid() + ".json",
                            json.writeValueAsBytes(report));
            System.out.println("report: " + file);
        }
        return report.path("passed").booleanValue() ? 0 : 1;
    }

    private void restore(ObjectNode report) throws CeremonyException {
        BackedUp backedUp;
        try {
            backedUp = json.readValue(Files.readAllBytes(backup), BackedUp.class);
        } catch (IOException e) {
            throw new CeremonyException(backup + " is no backup: " + e.getMessage(), e);
        }
        report.put("backup", backedUp.made());
        if (backedUp.versions().isEmpty()) {
            throw new CeremonyException(backup + " has no keys, so nothing can be proven by it");
        }
        Token open = token.open();
        try {
            report.put("ceremony", shares.transcript().id());
            try (GroupRoot root = shares.root()) {
                root.importInto(open);
            }
            Pkcs11Provider provider = Pkcs11Provider.of(open, new NoBook());
            int failed = 0;
            for (BackedUp.Version version : backedUp.versions()) {
                failed += proven(provider, version, report.withArray("keys").addObject()) ? 0 : 1;
            }
            report.put("failed", failed).put("passed", failed == 0);
            System.out.println(backedUp.versions().size() - failed + " of "
                    + backedUp.versions().size() + " key versions work in token " + token.label());
        } catch (TokenException e) {
            throw new CeremonyException("token " + token.label() + ": " + e.getMessage(), e);
        } finally {
            MakeRoot.close(open);
        }
    }

    private static boolean proven(Pkcs11Provider provider, BackedUp.Version backedUp, ObjectNode report) {
        KeyVersion version = new KeyVersion(
                backedUp.key(),
                backedUp.version(),
                backedUp.algorithm(),
                backedUp.reference(),
                Instant.EPOCH,
                backedUp.birth(),
                backedUp.wrapped(),
                null);
        Use use = new Use(version, "");
        report.put("key", backedUp.key()).put("version", backedUp.version());
        try {
            boolean works = switch (backedUp.algorithm().purposes().getFirst()) {
                case SIGN -> {
                    SignatureScheme scheme = SignatureScheme.usual(backedUp.algorithm());
                    byte[] signature =
                            provider.sign(use, scheme, MESSAGE, false).value();
                    report.put(
                                    "publicKey",
                                    Base64.getEncoder()
                                            .encodeToString(
                                                    provider.publicKey(version).value()))
                            .put("signature", HexFormat.of().formatHex(signature));
                    yield provider.verify(use, scheme, MESSAGE, signature).value();
                }
                case MAC, DERIVE -> provider.mac(use, MESSAGE).value().length > 0;
                case ENCRYPT, WRAP -> {
                    byte[] bound = backedUp.algorithm().bindsContext() ? MESSAGE : new byte[0];
                    byte[] sealed = provider.encrypt(use, MESSAGE, bound).value();
                    yield Arrays.equals(
                            MESSAGE, provider.decrypt(use, sealed, bound).value());
                }
            };
            report.put("works", works);
            return works;
        } catch (ProblemException e) {
            report.put("works", false).put("problem", e.problem().id()).put("detail", e.detail());
            return false;
        }
    }

    /** The drill's token is thrown away after; nothing is born in it. */
    private static final class NoBook implements BirthBook {
        @Override
        public void born(Map<String, List<TokenObject>> objects, String birth) {}

        @Override
        public void keksBorn(Map<String, List<TokenObject>> inventories, String birth) {}

        @Override
        public void gone(String id) {}
    }
}
