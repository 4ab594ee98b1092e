package dev.keyproof.verify.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.note.Checkpoint;
import dev.keyproof.log.note.NoteSigner;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedNote;
import dev.keyproof.log.tile.EntryBundle;
import dev.keyproof.log.tile.TilePath;
import dev.keyproof.verify.CanonicalZipWriter;
import dev.keyproof.verify.Certificates;
import dev.keyproof.verify.Crls;
import dev.keyproof.verify.DetachedCms;
import dev.keyproof.verify.EcdsaSignature;
import dev.keyproof.verify.Entry;
import dev.keyproof.verify.LogFiles;
import dev.keyproof.verify.LogKey;
import dev.keyproof.verify.Manifest;
import dev.keyproof.verify.OscalResults;
import dev.keyproof.verify.PackContents;
import dev.keyproof.verify.PackForm;
import dev.keyproof.verify.PackWriter;
import dev.keyproof.verify.PolicyBundle;
import dev.keyproof.verify.RetentionClasses;
import dev.keyproof.verify.Role;
import dev.keyproof.verify.Scope;
import dev.keyproof.verify.ScopedRecords;
import dev.keyproof.verify.SingleRecords;
import dev.keyproof.verify.TrustFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/** A whole pack made from nothing but this class, and every part of it open to be bent before it is signed. */
public final class TestingPack {
    public static final String YEAR = "2026";
    public static final String ORIGIN = "keyproof/log/test/" + YEAR;
    public static final String LOG = "log/" + YEAR;
    private static final Scope SCOPE = Scope.range(2026, 0);
    private static final String EPOCH = "01M87SHS9S9DN4NZSC5GB1TPHX";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    public final TestingAuthority signer;
    public final TestingTimeStamps timeStamps;
    private final KeyPair ed25519;
    private final KeyPair ecdsa;
    private final KeyPair approverKey;
    private final List<X509Certificate> logChain;
    private final byte[] policy;

    public TestingPack() {
        this("{\"keyproof\":{\"parameters\":{\"persons\":{\"Carol\":[\"carol\",\"x509:carol\"]}}},\"quorum\":1}");
    }

    /** Packs under a policy of this data. */
    public TestingPack(String data) {
        policy = policy(data);
        try {
            signer = TestingAuthority.signer("Test signer");
            timeStamps = new TestingTimeStamps(TestingAuthority.timeStamper("Test time"));
            ed25519 = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            ecdsa = TestingAuthority.keyPair();
            approverKey = TestingAuthority.keyPair();
            logChain = signer.chainOf("Test log", ecdsa, Role.LOG);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The anchor that belongs to it. */
    public TrustFile trust() {
        return new TrustFile(
                List.of(signer.root()),
                List.of(timeStamps.chain().getLast()),
                verifiers().stream().map(LogKey::of).toList(),
                Map.of("carol", jwk("carol", approverKey)),
                List.of(),
                List.of("keyproof"));
    }

    /** The policy bundle that every decision cites. */
    public PolicyBundle policyBundle() {
        try {
            return PolicyBundle.read(policy);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public List<NoteVerifier> verifiers() {
        try {
            return List.of(NoteVerifier.of(ORIGIN, ed25519.getPublic()), NoteVerifier.of(ORIGIN, ecdsa.getPublic()));
        } catch (dev.keyproof.log.note.NoteException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An enrolment, a finding, an approved destruction, operations, and a head over them: {@code count} entries in all, at least 4. */
    public List<byte[]> entries(int count) {
        List<byte[]> entries = new ArrayList<>();
        entries.add(json(enrolment(0, "carol", approverKey)));
        entries.add(json("{\"class_uid\":2004,\"metadata\":{\"uid\":\"finding-1\"}}"));
        entries.add(json(approved(approvals("carol", approverKey))));
        while (entries.size() < count - 1) {
            entries.add(json(operation(entries.size())));
        }
        entries.add(json(attestation(0, count)));
        return entries;
    }

    /** A head of the broker covers its records. */
    public static String attestation(long from, long to) {
        return "{\"epoch\":\"" + EPOCH + "\",\"from\":" + from + ",\"head\":\"\",\"keyproof\":\"attestation/v1\","
                + "\"source\":\"broker-1\",\"to\":" + to + ",\"verdict\":\"ok\"}";
    }

    /** The broker enrols somebody. */
    public static String enrolment(int sequence, String approver, KeyPair key) {
        return "{\"class_uid\":6003,\"metadata\":{\"uid\":\"n" + sequence + "\",\"source\":\"broker-1\",\"sequence\":"
                + sequence + "},\"unmapped\":{\"keyproof\":{\"kind\":\"service\",\"epoch\":\"" + EPOCH
                + "\",\"detail\":{\"approver\":\"" + approver + "\",\"jwk\":" + jwk(approver, key) + "}}}}";
    }

    public String operation(int sequence) {
        PolicyBundle bundle = policyBundle();
        return "{\"class_uid\":6003,\"time\":1700000000000,\"api\":{\"operation\":\"Sign\"},\"metadata\":{\"uid\":\"e"
                + sequence + "\",\"source\":\"broker-1\",\"sequence\":" + sequence
                + "},\"resources\":[{\"uid\":\"K1\",\"data\":{\"id\":\"K1\",\"attributes\":{\"sensitive\":true}}}],"
                + "\"unmapped\":{\"keyproof\":{\"kind\":\"operation\",\"epoch\":\"" + EPOCH
                + "\",\"decision\":{\"allow\":true,\"policy\":\""
                + bundle.digest() + "\",\"data\":\"" + bundle.dataDigest() + "\",\"input\":{},\"result\":{}}}}}";
    }

    /** A destruction with these signatures. */
    public String approved(String... jws) {
        return approved(2, "K1", STATEMENT, jws);
    }

    /** A destruction of a key, with signatures over a statement. */
    public String approved(int sequence, String key, String statement, String... jws) {
        String signatures = String.join("\",\"", jws);
        return "{\"class_uid\":6003,\"time\":1700000000000,\"api\":{\"operation\":\"DestroyKey\"},\"metadata\":{\"uid\":\"d"
                + sequence + "\",\"source\":\"broker-1\",\"sequence\":" + sequence
                + "},\"resources\":[{\"uid\":\"" + key
                + "\"}],\"unmapped\":{\"keyproof\":{\"kind\":\"operation\",\"epoch\":\""
                + EPOCH + "\",\"detail\":{\"approval\":\"A1\",\"statement\":" + quoted(statement) + ",\"jws\":[\""
                + signatures + "\"]},\"decision\":{\"allow\":true,\"policy\":\""
                + policyBundle().digest()
                + "\",\"data\":\"" + policyBundle().dataDigest()
                + "\",\"input\":{\"approvals\":{\"required-for\":\"DestroyKey\",\"request\":\"A1\",\"requester\":\"mallory\","
                + "\"change\":\"C1\",\"key\":\"" + key + "\",\"expires\":1700000600}},"
                + "\"result\":{\"obligations\":{\"approvals\":{\"quorum\":1}}}}}}}";
    }

    /** An order with parameters to destroy K1, whose intent is I1, that carol approved. */
    public String ordered() {
        return ordered("A1");
    }

    /** The same on the approval of this id. */
    public String ordered(String approval) {
        String statement =
                STATEMENT.replace("DestroyKey", "ScheduleDestruction").replace("\"A1\"", "\"" + approval + "\"");
        return approved(2, "K1", statement, byCarol(statement))
                .replace("\"DestroyKey\"", "\"ScheduleDestruction\"")
                .replace("\"A1\"", "\"" + approval + "\"")
                .replace("\"kind\":\"operation\"", "\"kind\":\"operation\",\"intent\":\"I1\"")
                .replace("\"input\":{", "\"input\":{\"request\":{\"parameters\":{\"days\":7}},");
    }

    /** The destruction of a key that was ordered by an intent. */
    public String act(int sequence, String key, String order) {
        return approved(sequence, key, STATEMENT, "S").replace(",\"jws\":[\"S\"]", ",\"order\":\"" + order + "\"");
    }

    /** A finding on K1 that names a control, so that OSCAL results follow from it. */
    public static final String COMPLIANCE =
            "{\"class_uid\":2003,\"time\":1700000000000,\"compliance\":{\"control\":\"r\","
                    + "\"requirements\":[\"pci-dss:3.6.1\"],\"status_code\":\"PASS\"},\"metadata\":{\"uid\":\"f\"},"
                    + "\"resources\":[{\"uid\":\"K1\"}]}";

    /** What approvers of the destruction of K1 sign. */
    public static final String STATEMENT =
            "{\"aud\":\"keyproof\",\"change\":\"C1\",\"exp\":1700000600,\"id\":\"A1\",\"key\":\"K1\",\"operation\":\"DestroyKey\","
                    + "\"parameters\":\"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\"}";

    /** A signature over the statement. */
    public String approvals(String approver, KeyPair key) {
        return approval(approver, key, STATEMENT);
    }

    /** Carol's signature over a statement. */
    public String byCarol(String statement) {
        return approval("carol", approverKey, statement);
    }

    /** The first approver's key. */
    public KeyPair carol() {
        return approverKey;
    }

    /** A signature of anybody over a statement. */
    public static String approval(String approver, KeyPair key, String statement) {
        try {
            String signed =
                    base64Url("{\"alg\":\"ES256\",\"kid\":\"" + approver + "\",\"typ\":\"keyproof-approval+jws\"}")
                            + "." + base64Url(statement);
            Signature ecdsaSignature = Signature.getInstance("SHA256withECDSAinP1363Format");
            ecdsaSignature.initSign(key.getPrivate());
            ecdsaSignature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(ecdsaSignature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The pack over these entries, unbent. */
    public byte[] pack(List<byte[]> entries) {
        return pack(entries, signer, files -> {});
    }

    /** The pack with its files bent before they are listed and signed. */
    public byte[] pack(List<byte[]> entries, PackWriter.Signer by, Consumer<Map<String, byte[]>> bend) {
        return pack(entries, by, bend, Optional.of(timeStamps.at(Instant.now())), logs -> logs);
    }

    /** The pack with its signature stamped by somebody or nobody, and its list of logs bent. */
    public byte[] pack(
            List<byte[]> entries,
            PackWriter.Signer by,
            Consumer<Map<String, byte[]>> bend,
            Optional<PackWriter.Stamper> stamper,
            UnaryOperator<List<Manifest.Log>> logs) {
        return pack(entries, by, bend, stamper, logs, scope -> scope);
    }

    /** As before, and its scope bent. */
    public byte[] pack(
            List<byte[]> entries,
            PackWriter.Signer by,
            Consumer<Map<String, byte[]>> bend,
            Optional<PackWriter.Stamper> stamper,
            UnaryOperator<List<Manifest.Log>> logs,
            UnaryOperator<ObjectNode> scope) {
        try {
            TreeMap<String, byte[]> files = new TreeMap<>();
            CompactRange range = new CompactRange();
            TreeHasher hasher = new TreeHasher();
            entries.forEach(entry -> range.append(hasher.leaf(entry)));
            byte[] checkpoint = checkpoint(entries.size(), range.root());
            files.put(LOG + "/checkpoint", checkpoint);
            List<X509Certificate> certified = by instanceof TestingAuthority other && other != signer
                    ? other.chainOf("Test log", ecdsa, Role.LOG)
                    : logChain;
            files.put(LOG + "/checkpoint.p7s", checkpointCms(checkpoint, certified, ecdsa));
            files.put("trust/log-signer.pem", ascii(Certificates.pem(certified)));
            tiles(entries, files);
            Manifest.Log log = new Manifest.Log(
                    ORIGIN, LOG, 0, entries.size(), range.root().bytes());
            List<Entry> sealed = IntStream.range(0, entries.size())
                    .mapToObj(i -> new Entry(LOG, i, entries.get(i)))
                    .toList();
            files.putAll(derived(SCOPE, log, sealed));
            byte[] request = TestingTimeStamps.request(checkpoint);
            files.put("time/" + YEAR + ".tsq", request);
            files.put("time/" + YEAR + ".tsr", timeStamps.answer(request, Instant.now()));
            files.put("trust/tsa.pem", ascii(Certificates.pem(timeStamps.chain())));
            StringBuilder keys = new StringBuilder();
            verifiers().forEach(key -> keys.append(key.vkey()).append('\n'));
            files.put("trust/log.vkey", ascii(keys.toString()));
            files.put("policy/" + policyBundle().digest().substring(7) + ".tar.gz", policy);
            files.put(
                    "trust/tsa.crl",
                    ascii(Crls.pem(List.of(timeStamps.authority().crl()))));
            files.put(
                    "trust/manifest-tsa.crl",
                    ascii(Crls.pem(List.of(timeStamps.authority().crl()))));
            files.put(
                    "trust/signer.crl",
                    ascii(Crls.pem(List.of((by instanceof TestingAuthority other ? other : signer).crl()))));
            files.put("VERIFY.md", ascii("How to verify.\n"));
            files.put("NOT-PROVEN.md", ascii("What is not proven.\n"));
            bend.accept(files);
            PackWriter writer = new PackWriter();
            files.forEach(writer::add);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            writer.writeTo(
                    out,
                    scope.apply(SCOPE.json()),
                    logs.apply(List.of(log)),
                    List.of(policyBundle().digest()),
                    by,
                    stamper);
            return out.toByteArray();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What follows from these entries of a pack of this scope. */
    public SortedMap<String, byte[]> derived(Scope scope, Manifest.Log log, List<Entry> sealed) {
        PackContents contents = new PackContents(scope);
        OscalResults oscal = new OscalResults(scope);
        ScopedRecords scoped = new ScopedRecords(scope);
        sealed.forEach(scoped::announce);
        for (Entry entry : sealed) {
            if (scope.isOfRecords() && scoped.carried(entry) == ScopedRecords.Kind.SUPPORTING) {
                contents.supporting(entry, SingleRecords.NAME);
                oscal.supporting(entry);
                continue;
            }
            String file = scope.isOfRecords()
                    ? SingleRecords.NAME
                    : LOG + "/"
                            + TilePath.in(TilePath.ENTRIES, entry.index() / TilePath.WIDTH, log.size())
                                    .path();
            contents.entry(entry, file);
            oscal.entry(entry, file);
        }
        SortedMap<String, byte[]> files = bytes(contents.files());
        files.putAll(bytes(oscal.documents(
                PackForm.current(),
                List.of(log),
                List.of(policyBundle()),
                oscal.population(List.of(policyBundle()), contents.keyIds()))));
        new RetentionClasses(List.of(policyBundle()))
                .bytes()
                .ifPresent(classes -> files.put(RetentionClasses.NAME, classes));
        return files;
    }

    /** What contents hold. */
    static SortedMap<String, byte[]> bytes(Map<String, CanonicalZipWriter.Content> contents) {
        TreeMap<String, byte[]> files = new TreeMap<>();
        contents.forEach((name, content) -> {
            try {
                files.put(name, content.bytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return files;
    }

    /** The CMS copy of a checkpoint's signature by a key. */
    public static byte[] checkpointCms(byte[] checkpoint, List<X509Certificate> chain, KeyPair key) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key.getPrivate());
            signature.update(DetachedCms.toBeSigned(checkpoint));
            return DetachedCms.encode(checkpoint, chain, EcdsaSignature.canonical(signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The ECDSA key of the log. */
    public KeyPair logKey() {
        return ecdsa;
    }

    /** A checkpoint by both keys of the log. */
    public byte[] checkpoint(long size, Hash root) {
        try {
            return SignedNote.sign(
                            new Checkpoint(ORIGIN, size, root).text(),
                            List.of(new TestingNoteSigner(ORIGIN, ed25519), new TestingNoteSigner(ORIGIN, ecdsa)))
                    .bytes();
        } catch (dev.keyproof.log.note.NoteException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Puts another signature on the checkpoint of a pack in the making, and has it stamped again. */
    public void cosign(Map<String, byte[]> files, NoteSigner by) {
        try {
            SignedNote note = SignedNote.parse(Objects.requireNonNull(files.get(LOG + "/checkpoint")));
            byte[] cosigned = note.with(
                            SignedNote.sign(note.text(), List.of(by)).signatures())
                    .bytes();
            files.put(LOG + "/checkpoint", cosigned);
            byte[] request = TestingTimeStamps.request(cosigned);
            files.put("time/" + YEAR + ".tsq", request);
            files.put("time/" + YEAR + ".tsr", timeStamps.answer(request, Instant.now()));
            files.put(LOG + "/checkpoint.p7s", checkpointCms(cosigned, logChain, ecdsa));
        } catch (dev.keyproof.log.note.NoteException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void tiles(List<byte[]> entries, Map<String, byte[]> files) {
        TreeHasher hasher = new TreeHasher();
        List<Hash> level = entries.stream().map(hasher::leaf).toList();
        List<Hash> row = level;
        for (int height = 0; !row.isEmpty(); height++) {
            List<Hash> above = new ArrayList<>();
            for (TilePath path : LogFiles.tiles(entries.size())) {
                if (path.level() == height) {
                    ByteArrayOutputStream tile = new ByteArrayOutputStream();
                    CompactRange range = new CompactRange();
                    for (int i = 0; i < path.width(); i++) {
                        Hash hash = row.get((int) path.index() * TilePath.WIDTH + i);
                        tile.writeBytes(hash.bytes());
                        range.append(hash);
                    }
                    files.put(LOG + "/" + path.path(), tile.toByteArray());
                    if (!path.isPartial()) {
                        above.add(range.root());
                    }
                }
            }
            row = above;
        }
        for (TilePath path : LogFiles.bundles(0, entries.size(), entries.size())) {
            int from = (int) path.index() * TilePath.WIDTH;
            files.put(LOG + "/" + path.path(), EntryBundle.encode(entries.subList(from, from + path.width())));
        }
    }

    private static ObjectNode jwk(String id, KeyPair pair) {
        var point = ((java.security.interfaces.ECPublicKey) pair.getPublic()).getW();
        return MAPPER.createObjectNode()
                .put("crv", "P-256")
                .put("kid", id)
                .put("kty", "EC")
                .put("x", coordinate(point.getAffineX()))
                .put("y", coordinate(point.getAffineY()));
    }

    private static String coordinate(java.math.BigInteger value) {
        byte[] bytes = new byte[32];
        byte[] raw = value.toByteArray();
        int length = Math.min(32, raw.length);
        System.arraycopy(raw, raw.length - length, bytes, 32 - length, length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** A bundle that holds nothing but a data set. */
    public static byte[] policy(String data) {
        byte[] content = data.getBytes(StandardCharsets.UTF_8);
        byte[] header = new byte[512];
        byte[] name = ascii("/data.json");
        System.arraycopy(name, 0, header, 0, name.length);
        byte[] size = ascii(String.format("%011o", content.length));
        System.arraycopy(size, 0, header, 124, size.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(header);
            gzip.write(java.util.Arrays.copyOf(content, (content.length + 511) / 512 * 512));
            gzip.write(new byte[1024]);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    private static byte[] json(String text) {
        try {
            MAPPER.readTree(text);
        } catch (IOException e) {
            throw new IllegalArgumentException(text, e);
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String quoted(String text) {
        return com.fasterxml.jackson.databind.node.TextNode.valueOf(text).toString();
    }

    private static String base64Url(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
