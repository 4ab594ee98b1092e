package dev.keyproof.collector;

import dev.keyproof.event.Actor;
import dev.keyproof.event.Api;
import dev.keyproof.event.ApiActivity;
import dev.keyproof.event.Endpoint;
import dev.keyproof.event.EventCodec;
import dev.keyproof.event.Extension;
import dev.keyproof.event.KeyOperation;
import dev.keyproof.event.Metadata;
import dev.keyproof.event.Product;
import dev.keyproof.event.Resource;
import dev.keyproof.event.Severity;
import dev.keyproof.event.Status;
import dev.keyproof.event.User;
import dev.keyproof.log.LogException;
import dev.keyproof.log.journal.EntryWriter;
import dev.keyproof.log.journal.Journal;
import dev.keyproof.log.journal.JournalOptions;
import dev.keyproof.log.journal.JournalPosition;
import dev.keyproof.log.note.NoteKey;
import dev.keyproof.log.note.NoteSigner;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A real journal with operations of one run in it, as a broker writes them. */
final class JournalFixture implements AutoCloseable {
    private static final String KEY = "01JE0000000000000000000003";

    private final EventCodec codec = new EventCodec();
    private final Journal journal;
    private final String run;
    private final NoteSigner signer = new MemorySigner("keyproof/journal");

    JournalFixture(Path dir, String run) throws LogException {
        this.journal = Journal.open(dir, dir.getFileName().toString(), JournalOptions.DEFAULTS);
        this.run = run;
    }

    /** Operations, durable when this returns. */
    void operations(int count) {
        List<CompletableFuture<JournalPosition>> appended = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            appended.add(journal.append(writer(i)));
        }
        appended.forEach(CompletableFuture::join);
    }

    void signHead() throws LogException {
        journal.signHead(signer);
    }

    long size() {
        return journal.size();
    }

    List<byte[]> entries() throws LogException {
        List<byte[]> entries = new ArrayList<>();
        while (entries.size() < journal.size()) {
            entries.addAll(journal.read(entries.size(), 1000));
        }
        return entries;
    }

    @Override
    public void close() throws LogException {
        journal.close();
    }

    private EntryWriter writer(int number) {
        return (source, epoch, sequence, previous) -> {
            var detail = codec.mapper().createObjectNode().put("number", number);
            Extension extension =
                    new Extension(Extension.Kind.OPERATION, run, epoch, previous, 100L + number, null, null, detail);
            return codec.encode(new ApiActivity(
                    KeyOperation.ENCRYPT.activityId(),
                    KeyOperation.ENCRYPT.activityName(),
                    1_793_613_601_000L,
                    null,
                    null,
                    null,
                    Severity.INFORMATIONAL,
                    Status.SUCCESS,
                    null,
                    null,
                    null,
                    Metadata.of("%s-%d".formatted(epoch, sequence), Product.keyproof("broker"))
                            .at(source, sequence),
                    Actor.user(User.of("app-1", List.of("application"))),
                    new Api("Encrypt", new Api.Service("keyproof-broker"), null, null),
                    Endpoint.ip("127.0.0.1"),
                    null,
                    null,
                    List.of(Resource.key(KEY, "1", null)),
                    codec.unmapped(extension)));
        };
    }

    /** An Ed25519 key in memory. */
    private static final class MemorySigner implements NoteSigner {
        private final String name;
        private final KeyPair keys;

        MemorySigner(String name) {
            this.name = name;
            try {
                this.keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int keyId() {
            return NoteKey.id(name, keys.getPublic());
        }

        @Override
        public byte type() {
            return NoteKey.type(keys.getPublic());
        }

        @Override
        public byte[] sign(byte[] message) throws GeneralSecurityException {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(keys.getPrivate());
            signature.update(message);
            return signature.sign();
        }
    }
}
