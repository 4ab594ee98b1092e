package dev.keyproof.verify.samples;

import dev.keyproof.verify.Manifest;
import dev.keyproof.verify.Reason;
import dev.keyproof.verify.testing.TestingPack;
import java.util.List;
import java.util.Map;

/** Results, states and policies that are not what the entries say. */
final class ContentSamples {
    private static final String FINDINGS = "results/findings.ndjson";

    private final Samples samples;

    ContentSamples(Samples samples) {
        this.samples = samples;
    }

    List<Sample> all() {
        return List.of(
                approvalTakenOut(),
                findingLeftOut(),
                stateOfNobody(),
                noBundle(),
                bundleUnderAnotherName(),
                policyPutIn(),
                decisionUnderAnotherPolicy());
    }

    private Sample approvalTakenOut() {
        return samples.bent(
                Reason.DERIVED_MISSING,
                "approvals/A1.json: follows from the entries and is not there",
                files -> files.remove("approvals/A1.json"));
    }

    private Sample findingLeftOut() {
        return samples.bent(
                Reason.DERIVED_DIFFERS,
                "results/findings.ndjson, byte 0: is not what follows from the entries",
                files -> files.put(FINDINGS, new byte[0]));
    }

    private Sample stateOfNobody() {
        return samples.bent(
                Reason.DERIVED_SURPLUS,
                "keys/K2.json: no entry of the pack speaks of it",
                files -> files.put("keys/K2.json", Samples.bytes("{}")));
    }

    private Sample noBundle() {
        return samples.bent(
                Reason.POLICY_FORM,
                "policy/0.tar.gz: not a policy bundle: ",
                files -> files.put("policy/0.tar.gz", Samples.bytes("nonsense")));
    }

    private Sample bundleUnderAnotherName() {
        return samples.bent(
                Reason.POLICY_DIGEST,
                "policy/0.tar.gz: is not the bundle whose digest it is named by",
                files -> files.put("policy/0.tar.gz", Samples.content(files, policy(files))));
    }

    private Sample policyPutIn() {
        byte[] bundle = TestingPack.policy("{\"quorum\":2}");
        return samples.bent(
                Reason.POLICY_LIST,
                "manifest.json, policies: does not list what is in policy/",
                files -> files.put("policy/" + Manifest.digest(bundle).sha256() + ".tar.gz", bundle));
    }

    private Sample decisionUnderAnotherPolicy() {
        TestingPack testing = samples.testing;
        return samples.sealed(
                Reason.POLICY_MISSING,
                "log/2026/tile/entries/000.p/8, entry 4: cites a policy or data set that the pack does not hold",
                entries -> entries.set(
                        4,
                        Samples.bytes(testing.operation(4)
                                .replace(testing.policyBundle().digest(), "sha256:" + "0".repeat(64)))));
    }

    private static String policy(Map<String, byte[]> files) {
        return files.keySet().stream()
                .filter(name -> name.startsWith("policy/"))
                .findFirst()
                .orElseThrow();
    }
}
