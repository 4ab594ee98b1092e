package dev.keyproof.verify.samples;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.verify.DetachedCms;
import dev.keyproof.verify.EcdsaSignature;
import dev.keyproof.verify.Manifest;
import dev.keyproof.verify.ManifestDsse;
import dev.keyproof.verify.ManifestTime;
import dev.keyproof.verify.Reason;
import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingRanges;
import dev.keyproof.verify.testing.TestingRecords;
import dev.keyproof.verify.testing.TestingZip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Manifests that say something else than they may, or than the pack holds; each signed as it is. */
final class ManifestSamples {
    private final Samples samples;

    ManifestSamples(Samples samples) {
        this.samples = samples;
    }

    List<Sample> all() {
        return List.of(
                noObject(),
                notCanonical(),
                anotherForm(),
                saysMore(),
                noLog(),
                oneLogTwice(),
                folderInsideAnother(),
                wrongYear(),
                scopeOfNoForm(),
                scopeOfAnotherKind(),
                scopeOfAnotherYear(),
                scopeFromAnotherEntry(),
                scopeToBeyondTheLog(),
                recordOfAnotherActor(),
                recordThatNoRangeNeeds(),
                recordOfAnotherKey());
    }

    private Sample noObject() {
        return manifest(Reason.JSON_FORM, "manifest.json, manifest: not a JSON object", json -> "[]");
    }

    private Sample notCanonical() {
        return manifest(
                Reason.JSON_NOT_CANONICAL,
                "manifest.json, byte 1: not in canonical form (RFC 8785)",
                json -> json.replaceFirst("\\{", "{ "));
    }

    private Sample anotherForm() {
        return manifest(
                Reason.MANIFEST_FORM,
                "manifest.json, keyproof: not a manifest of the form pack/v1 or pack/v2",
                json -> json.replace("\"pack/v2\"", "\"pack/v9\""));
    }

    private Sample saysMore() {
        return manifest(
                Reason.MANIFEST_UNKNOWN,
                "manifest.json, byte ",
                json -> json.substring(0, json.length() - 1) + ",\"zeal\":1}");
    }

    private Sample noLog() {
        return samples.logs(
                Reason.LOG_NONE, "manifest.json, logs: there is none, so there is nothing to prove", logs -> List.of());
    }

    private Sample oneLogTwice() {
        return samples.logs(
                Reason.LOG_TWICE,
                "manifest.json, logs: the log keyproof/log/test/2026 stands twice",
                logs -> List.of(logs.getFirst(), in("log/2027", logs.getFirst())));
    }

    private Sample folderInsideAnother() {
        return samples.logs(
                Reason.LOG_FOLDER,
                "manifest.json, logs: a log stands in another folder than log/YEAR",
                logs -> List.of(in("log/2026/tile", logs.getFirst())));
    }

    /** All of 2026's log is shown as that of 2027. */
    private Sample wrongYear() {
        byte[] pack = samples.testing.pack(
                List.of(Samples.bytes("{\"class_uid\":2004}")),
                samples.testing.signer,
                files -> {
                    Map<String, byte[]> moved = new TreeMap<>();
                    files.forEach((name, content) -> moved.put(name.replace("2026", "2027"), content));
                    files.clear();
                    files.putAll(moved);
                },
                Optional.of(samples.stamper()),
                logs -> List.of(in("log/2027", logs.getFirst())),
                scope -> scope.put("year", 2027));
        return samples.of(
                Reason.WRONG_YEAR,
                pack,
                "manifest.json, logs: the log keyproof/log/test/2026, whose name ends in its year, stands in log/2027");
    }

    private Sample scopeOfNoForm() {
        return scope(
                Reason.SCOPE_FORM,
                "manifest.json, scope: neither entries of one year or of several, nor the records of a key, an actor, an operation or a case among them",
                scope -> scope.put("kind", "everything"));
    }

    private Sample scopeOfAnotherKind() {
        return scope(
                Reason.SCOPE_KIND,
                "manifest.json, scope: says that single records are here, and there are none",
                scope -> scope.put("kind", "records").put("key", "K1").without(List.of("from")));
    }

    private Sample scopeOfAnotherYear() {
        return scope(
                Reason.SCOPE_YEAR,
                "manifest.json, scope: is of the year 2025, and log/2025 is not here",
                scope -> scope.put("year", 2025));
    }

    private Sample scopeFromAnotherEntry() {
        return scope(
                Reason.SCOPE_FROM,
                "manifest.json, scope: begins at entry 3, and log/2026 is carried from entry 0",
                scope -> scope.put("from", 3));
    }

    private Sample scopeToBeyondTheLog() {
        return scope(
                Reason.SCOPE_TO,
                "manifest.json, scope: ends before entry 999, and log/2026 has 300 entries",
                scope -> scope.put("to", 999));
    }

    private Sample recordOfAnotherActor() {
        return samples.of(
                Reason.SCOPE_ACTOR,
                TestingRecords.pack(
                        samples.testing,
                        samples.entries,
                        List.of(0, 2, Samples.SIZE - 1),
                        lines -> lines,
                        scope -> scope.put("actor", "alice").without(List.of("key"))),
                "records.ndjson, line 2: entry 2 is not of the actor that the scope names, nor needed by one that is");
    }

    private Sample recordThatNoRangeNeeds() {
        return samples.of(
                Reason.RECORD_NOT_SUPPORTING,
                TestingRanges.pack(
                        samples.testing, samples.entries, 20, OptionalLong.empty(), List.of(0, 4), files -> {}),
                "records.ndjson, line 2: entry 4 is of no kind that a range of entries needs");
    }

    private Sample recordOfAnotherKey() {
        return samples.of(
                Reason.SCOPE_KEY,
                TestingRecords.pack(
                        samples.testing, samples.entries, List.of(0, 1, 2, 3, Samples.SIZE - 1), lines -> lines),
                "records.ndjson, line 2: entry 1 is not of the key that the scope names, nor needed by one that is");
    }

    private Sample scope(Reason reason, String says, UnaryOperator<ObjectNode> bend) {
        return samples.of(
                reason,
                samples.testing.pack(
                        samples.entries,
                        samples.testing.signer,
                        files -> {},
                        Optional.of(samples.stamper()),
                        logs -> logs,
                        bend),
                says);
    }

    private static Manifest.Log in(String path, Manifest.Log log) {
        return new Manifest.Log(log.origin(), path, log.from(), log.size(), log.root());
    }

    /** A sound pack with another manifest, signed by the same signer and stamped by nobody. */
    private Sample manifest(Reason reason, String says, UnaryOperator<String> bend) {
        TestingPack testing = samples.testing;
        try {
            SortedMap<String, byte[]> files = TestingZip.files(samples.sound());
            byte[] manifest = Samples.bytes(
                    bend.apply(new String(Samples.content(files, Manifest.NAME), StandardCharsets.UTF_8)));
            byte[] cms = EcdsaSignature.canonical(testing.signer.sign(DetachedCms.toBeSigned(manifest)));
            byte[] dsse = EcdsaSignature.canonical(testing.signer.sign(ManifestDsse.toBeSigned(manifest)));
            files.put(Manifest.NAME, manifest);
            files.put(Manifest.CMS, DetachedCms.encode(manifest, testing.signer.chain(), cms));
            files.put(
                    Manifest.DSSE,
                    ManifestDsse.encode(manifest, testing.signer.chain().getFirst(), dsse));
            files.remove(ManifestTime.NAME);
            return samples.of(reason, TestingZip.zip(files), says);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
