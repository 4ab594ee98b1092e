package dev.keyproof.evidence.head;

import dev.keyproof.evidence.seal.DroppedYears;
import dev.keyproof.evidence.seal.Places;
import dev.keyproof.evidence.seal.Recovery;
import dev.keyproof.evidence.seal.SealedState;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.pkcs11.PinSource;
import dev.keyproof.pkcs11.Token;
import dev.keyproof.pkcs11.TokenConfig;
import dev.keyproof.pkcs11.TokenException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Logs, token and guard of an evidence service, put together as it does; nothing else of it. */
public final class TestingSeal implements AutoCloseable {
    static final String NAME = "seal";

    final Token token;
    final YearLogs logs;
    final SealToken keys;
    final HeadGuard guard;
    final LogSigners signing;
    final HeadPublisher heads;

    TestingSeal(Path folder, String label) throws Exception {
        this(folder, label, Clock.systemUTC());
    }

    TestingSeal(Path folder, String label, Clock clock) throws Exception {
        token = openToken(label);
        YearLogs opened = null;
        try {
            keys = new SealToken(token);
            guard = new HeadGuard(keys, NAME);
            opened = YearLogs.open(folder, NAME, clock);
            logs = opened;
            try (Places places = Places.open(folder.resolveSibling("places"))) {
                guard.requireSame(
                        Recovery.run(
                                logs,
                                DroppedYears.open(logs, digest -> new byte[0]),
                                new SealedState(places),
                                guard.sizes(),
                                (year, index, json) -> {},
                                System.nanoTime()),
                        logs);
            }
            signing = new LogSigners();
            PackIdentity identity = new PackIdentity(keys, folder.resolveSibling("signer.pem"), NAME, clock);
            CheckpointCms cms =
                    new CheckpointCms(keys, identity.chain().getLast(), folder.resolveSibling("certs"), NAME, clock);
            heads = new HeadPublisher(
                    logs, keys, guard, signing, year -> {}, cms, new KeptHeads(folder.resolveSibling("heads"), clock));
        } catch (EvidenceException e) {
            if (opened != null) {
                opened.close();
            }
            token.close();
            throw e;
        }
    }

    /** Seals an entry. */
    void append(String text) throws Exception {
        logs.current()
                .append(List.of(("{\"t\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8)), new byte[0])
                .get();
    }

    /** Signs what is sealed. */
    SignedHead publish() throws EvidenceException {
        return heads.publish(logs.all().keySet().stream().max(Integer::compare).orElseThrow())
                .orElseThrow();
    }

    @Override
    public void close() throws EvidenceException, TokenException {
        logs.close();
        token.close();
    }

    /** Makes a token and gives its label. */
    public static String makeToken() throws IOException, TokenException {
        Path conf = Path.of(System.getenv("SOFTHSM2_CONF"));
        Path tokens = conf.resolveSibling("tokens");
        Files.createDirectories(tokens);
        Files.writeString(
                conf, "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        String label = "seal-" + UUID.randomUUID().toString().substring(0, 8);
        Token.initialise(module(), label, PinSource.of("87654321".toCharArray()), PinSource.of("123456".toCharArray()));
        return label;
    }

    /** Opens one of those. */
    public static Token openToken(String label) throws TokenException {
        return Token.open(new TokenConfig(module(), label, PinSource.of("123456".toCharArray()), 1));
    }

    static Path module() {
        return Stream.of("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
                .map(Path::of)
                .filter(Files::isReadable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("SoftHSM is missing: apt-get install softhsm2"));
    }

    /** Copies a folder and all in it. */
    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }
}
