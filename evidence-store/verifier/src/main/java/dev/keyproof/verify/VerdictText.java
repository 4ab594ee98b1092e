package dev.keyproof.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A verdict as text to read and as JSON to process. */
final class VerdictText {
    private VerdictText() {}

    static String human(Path pack, Verdict verdict) {
        StringBuilder text = new StringBuilder();
        switch (verdict) {
            case Verdict.Unreadable unreadable ->
                text.append("UNREADABLE  ").append(unreadable.reason()).append('\n');
            case Verdict.Proven proven -> {
                checked(text, pack, proven.summary(), true);
                text.append("\nPROVEN  Complete, unaltered, and signed by whom the trust file names.\n");
            }
            case Verdict.SignerUnproven unproven -> {
                checked(text, pack, unproven.summary(), false);
                text.append(
                                "\nCONSISTENT, SIGNER UNPROVEN  Nothing is altered, but only the pack itself says who signed it.\n")
                        .append("  Get the trust file by another way than the pack, then: verify ")
                        .append(pack.getFileName())
                        .append(" --trust FILE\n");
            }
            case Verdict.Broken broken -> {
                text.append("Pack      ").append(pack.getFileName()).append("\n\nBROKEN  ");
                text.append(line(broken.first())).append('\n');
                broken.faults().stream()
                        .skip(1)
                        .forEach(fault ->
                                text.append("        ").append(line(fault)).append('\n'));
            }
        }
        return text.toString();
    }

    private static void checked(StringBuilder text, Path pack, Summary summary, boolean anchored) {
        line(
                text,
                "Pack",
                String.format(
                        Locale.ROOT,
                        "%s: %,d files, %,d bytes, canonical",
                        pack.getFileName(),
                        summary.files(),
                        summary.bytes()));
        Summary.Signer signer = summary.signer();
        if (signer != null) {
            line(text, "Signer", signer.name() + " under " + signer.rootName() + (anchored ? " (trusted)" : ""));
            line(text, "", "root SHA-256 " + signer.rootSha256());
            if (signer.time() != null) {
                line(
                        text,
                        "",
                        "signed before " + signer.time().truncatedTo(ChronoUnit.SECONDS) + ", says " + signer.timeBy());
            }
        }
        for (Summary.LogState log : summary.logs()) {
            line(text, "Log", String.format(Locale.ROOT, "%s: %,d entries", log.origin(), log.size()) + carried(log));
            line(
                    text,
                    "",
                    "root " + log.root() + ", signed by " + log.signedBy().size() + " keys");
            if (log.time() != null) {
                line(
                        text,
                        "Time",
                        "existed at " + log.time().truncatedTo(ChronoUnit.SECONDS) + ", says " + log.timeBy());
            }
        }
        line(
                text,
                "Entries",
                String.format(
                        Locale.ROOT,
                        "%,d in the log; %,d decisions under %,d policies in the pack",
                        summary.entries(),
                        summary.decisions(),
                        summary.policies()));
        if (summary.supporting() > 0) {
            line(
                    text,
                    "",
                    String.format(
                            Locale.ROOT,
                            "%,d more that these need: enrolments, orders and heads over them",
                            summary.supporting()));
        }
        line(
                text,
                "Content",
                String.format(
                        Locale.ROOT,
                        "%,d findings, %,d approvals, %,d keys",
                        summary.findings(),
                        summary.approvals(),
                        summary.keys()));
        summary.notes().forEach(note -> line(text, "Note", note));
    }

    private static String carried(Summary.LogState log) {
        if (log.from() == 0) {
            return "";
        }
        return log.from() == log.size()
                ? ", of which none but single records"
                : String.format(Locale.ROOT, ", carried from %,d", log.from());
    }

    private static String line(Fault fault) {
        return fault + " [" + fault.reason().code() + "]";
    }

    private static void line(StringBuilder text, String label, String value) {
        text.append(String.format(Locale.ROOT, "%-10s%s%n", label, value));
    }

    static String json(Path pack, Verdict verdict) {
        ObjectNode json = CanonicalJson.MAPPER.createObjectNode();
        json.put("pack", pack.toString());
        json.put("exit", verdict.exitCode());
        switch (verdict) {
            case Verdict.Unreadable unreadable ->
                json.put("verdict", "unreadable").put("reason", unreadable.reason());
            case Verdict.Proven proven -> summary(json.put("verdict", "proven"), proven.summary());
            case Verdict.SignerUnproven unproven ->
                summary(json.put("verdict", "consistent, signer unproven"), unproven.summary());
            case Verdict.Broken broken -> {
                json.put("verdict", "broken");
                json.set("fault", fault(broken.first()));
                ArrayNode faults = json.putArray("faults");
                broken.faults().forEach(fault -> faults.add(fault(fault)));
                summary(json, broken.summary());
            }
        }
        try {
            return CanonicalJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of our own cannot be written", e);
        }
    }

    private static ObjectNode fault(Fault fault) {
        return CanonicalJson.MAPPER
                .createObjectNode()
                .put("file", fault.file())
                .put("entry", fault.entry())
                .put("code", fault.reason().code())
                .put("reason", fault.sentence());
    }

    private static void summary(ObjectNode json, Summary summary) {
        json.put("files", summary.files()).put("bytes", summary.bytes());
        Summary.@Nullable Signer signer = summary.signer();
        if (signer != null) {
            ObjectNode one = json.putObject("signer")
                    .put("name", signer.name())
                    .put("root", signer.rootName())
                    .put("rootSha256", signer.rootSha256());
            if (signer.time() != null) {
                one.put("time", signer.time().toString()).put("timeBy", signer.timeBy());
            }
        }
        ArrayNode logs = json.putArray("logs");
        for (Summary.LogState log : summary.logs()) {
            ObjectNode one = logs.addObject()
                    .put("origin", log.origin())
                    .put("from", log.from())
                    .put("size", log.size())
                    .put("root", log.root());
            strings(one.putArray("signedBy"), log.signedBy());
            if (log.time() != null) {
                one.put("time", log.time().toString()).put("timeBy", log.timeBy());
            }
        }
        json.put("entries", summary.entries())
                .put("supporting", summary.supporting())
                .put("decisions", summary.decisions())
                .put("findings", summary.findings())
                .put("approvals", summary.approvals())
                .put("keys", summary.keys())
                .put("policies", summary.policies());
        strings(json.putArray("notes"), summary.notes());
    }

    private static void strings(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }
}
