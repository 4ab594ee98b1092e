package dev.keyproof.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a pack carries beside its logs, held against what its entries say: derived files, policies, approvals. */
final class Derived {
    private final CanonicalZip zip;
    private final PackContents contents;
    private final PackForm form;
    private final Faults faults;
    private final List<PolicyBundle> bundles = new ArrayList<>();
    /** Who has several names, by the digest of the data that says so. */
    private final Map<String, Map<String, String>> persons = new HashMap<>();

    Derived(CanonicalZip zip, PackContents contents, PackForm form, Faults faults) {
        this.zip = zip;
        this.contents = contents;
        this.form = form;
        this.faults = faults;
    }

    /** The derived files are there, are the same, and are all; the policies were read before. */
    void files(OscalResults oscal, List<Manifest.Log> logs) throws BrokenPackException {
        SortedMap<String, CanonicalZipWriter.Content> derived = contents.files();
        derived.putAll(oscal.documents(form, logs, bundles, oscal.population(bundles, contents.keyIds())));
        if (form.isComplete()) {
            new RetentionClasses(bundles)
                    .bytes()
                    .ifPresent(classes -> derived.put(RetentionClasses.NAME, CanonicalZipWriter.Content.of(classes)));
        }
        for (var file : derived.entrySet()) {
            if (!zip.has(file.getKey())) {
                // Of the first packs of that form some carry no such plan.
                if (file.getKey().equals(OscalResults.PLAN) && !form.isComplete()) {
                    continue;
                }
                faults.report(
                        Fault.of(Reason.DERIVED_MISSING, file.getKey(), "follows from the entries and is not there"));
            } else if (!zip.holds(file.getKey(), file.getValue())) {
                differs(file.getKey(), zip.bytes(file.getKey()), bytes(file.getValue()));
            }
        }
        for (String folder : List.of("approvals", "keys", "results", "retention")) {
            for (String name : zip.under(folder)) {
                if (!derived.containsKey(name)) {
                    faults.report(Fault.of(Reason.DERIVED_SURPLUS, name, "no entry of the pack speaks of it"));
                }
            }
        }
    }

    private static byte[] bytes(CanonicalZipWriter.Content content) {
        try {
            return content.bytes();
        } catch (IOException e) {
            throw new UncheckedIOException("what was derived cannot be read back", e);
        }
    }

    private void differs(String name, byte[] carried, byte[] derived) throws BrokenPackException {
        boolean named = false;
        if (faults.all() && name.endsWith(".ndjson")) {
            Set<String> follows = lines(derived).collect(Collectors.toSet());
            int number = 0;
            for (String line : (Iterable<String>) lines(carried)::iterator) {
                number++;
                if (!follows.contains(line)) {
                    named = true;
                    faults.report(Fault.at(
                            Reason.DERIVED_DIFFERS, name, "line " + number, "does not follow from the entries"));
                }
            }
        }
        if (!named) {
            faults.report(Fault.at(
                    Reason.DERIVED_DIFFERS,
                    name,
                    "byte " + Arrays.mismatch(carried, derived),
                    "is not what follows from the entries"));
        }
    }

    /** Each line with every byte as it is. */
    private static Stream<String> lines(byte[] file) {
        return Stream.of(new String(file, StandardCharsets.ISO_8859_1).split("\n", -1));
    }

    /** Each bundle has the digest it is named by, and every decision's policy and data set is here. Returns how many there are. */
    int policies(Manifest manifest) throws BrokenPackException {
        Set<String> policies = new TreeSet<>();
        Set<String> dataSets = new TreeSet<>();
        for (String name : zip.under("policy")) {
            try {
                PolicyBundle bundle = PolicyBundle.read(zip.bytes(name));
                if (!name.equals("policy/" + bundle.digest().substring("sha256:".length()) + ".tar.gz")) {
                    faults.report(
                            Fault.of(Reason.POLICY_DIGEST, name, "is not the bundle whose digest it is named by"));
                }
                bundles.add(bundle);
                policies.add(bundle.digest());
                if (bundle.dataDigest() != null) {
                    dataSets.add(bundle.dataDigest());
                    persons.put(bundle.dataDigest(), bundle.persons());
                }
            } catch (IOException e) {
                faults.report(Fault.of(Reason.POLICY_FORM, name, "not a policy bundle: " + e.getMessage()));
            }
        }
        if (!List.copyOf(policies).equals(manifest.policies())) {
            faults.report(Fault.at(Reason.POLICY_LIST, Manifest.NAME, "policies", "does not list what is in policy/"));
        }
        for (var cited : contents.policies().entrySet()) {
            if (!policies.contains(cited.getKey())) {
                faults.report(cited.getValue());
            }
        }
        for (var cited : contents.dataSets().entrySet()) {
            if (!dataSets.contains(cited.getKey())) {
                faults.report(cited.getValue());
            }
        }
        return policies.size();
    }

    /** Each approval holds for the operation that used it, and was used once. */
    void approvals(TrustFile anchor, Tally tally) throws BrokenPackException {
        for (var uses : contents.approvals().entrySet()) {
            String file = PackContents.approvalFile(uses.getKey());
            faults.reading(file);
            for (Approval use : uses.getValue()) {
                faults.passes(() -> tally.approval(
                        use.verify(contents.enrolled(), anchor, persons.getOrDefault(use.data(), Map.of())),
                        use.coversParameters()));
            }
            if (uses.getValue().size() > 1) {
                Approval first = uses.getValue().getFirst();
                Approval again = uses.getValue().get(1);
                faults.report(Fault.of(
                        Reason.APPROVAL_REPLAYED,
                        file,
                        "was used more than once: by entry " + first.index() + " of " + first.log() + " and by entry "
                                + again.index() + " of " + again.log()));
            }
        }
    }

    /** Each destruction that was ordered earlier is the one that was approved, and was done once. */
    void acts(Tally tally) throws BrokenPackException {
        for (var done : contents.acts().entrySet()) {
            List<Approval> orders = contents.approvals().getOrDefault(done.getKey(), List.of());
            OrderedAct first = done.getValue().getFirst();
            if (done.getValue().size() > 1) {
                OrderedAct again = done.getValue().get(1);
                faults.report(Fault.of(
                        Reason.ORDER_REPEATED,
                        PackContents.approvalFile(done.getKey()),
                        "was carried out more than once: by entry " + first.index() + " of " + first.log()
                                + " and by entry " + again.index() + " of " + again.log()));
            }
            if (orders.isEmpty()) {
                tally.orderNotThere();
            } else {
                faults.passes(() -> first.follows(orders.getFirst()));
            }
        }
    }
}
