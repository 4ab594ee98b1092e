package dev.keyproof.review.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.log.merkle.InclusionProof;
import dev.keyproof.review.history.HistoryException;
import dev.keyproof.review.history.Place;
import dev.keyproof.review.replay.Change;
import dev.keyproof.review.replay.FlipGroup;
import dev.keyproof.review.replay.ReplayReport;
import dev.keyproof.review.standing.StandingReport;
import dev.keyproof.review.standing.VerdictChange;
import dev.keyproof.review.standing.VerdictGroup;
import java.util.List;

/** A review for programs: every group of flips, each example with its inclusion proof (RFC 6962, hashes in Base64). */
public final class JsonReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonReport() {}

    public static String of(Review review, Proofs proofs) {
        ObjectNode json = JSON.createObjectNode();
        json.putObject("base").put("revision", review.baseName()).put("policy", review.basePolicy());
        json.putObject("head").put("policy", review.headPolicy());
        ArrayNode unproven = json.putArray("unproven");
        review.unproven().forEach(unproven::add);
        ReplayReport replay = review.replay();
        if (replay != null) {
            json.set("replay", replay(replay, proofs));
        }
        StandingReport standing = review.standing();
        if (standing != null) {
            json.set("standing", standing(standing, proofs));
        }
        return json.toPrettyString() + "\n";
    }

    private static ObjectNode standing(StandingReport standing, Proofs proofs) {
        ObjectNode json = JSON.createObjectNode().put("at", standing.at());
        standing.subjects().forEach(json.putObject("subjects")::put);
        ObjectNode counts = json.putObject("changes");
        for (VerdictChange change : VerdictChange.values()) {
            counts.put(Thresholds.name(change), standing.count(change));
        }
        ArrayNode flips = json.putArray("flips");
        for (VerdictGroup group : standing.changes()) {
            ObjectNode flip = flips.addObject()
                    .put("change", Thresholds.name(group.change()))
                    .put("rule", group.rule())
                    .put("before", group.before().text())
                    .put("after", group.after().text())
                    .put("byLeave", group.byLeave())
                    .put("count", group.count());
            flip.set("controls", JSON.valueToTree(group.controls()));
            ArrayNode examples = flip.putArray("examples");
            for (VerdictGroup.Example example : group.examples()) {
                ObjectNode one = place(example.told(), proofs)
                        .put("subject", example.subject())
                        .put("id", example.id());
                if (group.byLeave()) {
                    one.set("exception", example.exception());
                }
                examples.add(one);
            }
        }
        ArrayNode controls = json.putArray("controls");
        standing.byControl().forEach((control, changes) -> {
            ObjectNode touched = JSON.valueToTree(control);
            changes.forEach((change, count) -> touched.put(Thresholds.name(change), count));
            controls.add(touched);
        });
        return json;
    }

    private static ObjectNode replay(ReplayReport replay, Proofs proofs) {
        ObjectNode json = JSON.createObjectNode()
                .put("decisions", replay.decisions())
                .put("replayed", replay.replayed())
                .put(Thresholds.UNREPLAYED, replay.unreplayed())
                .put("same", replay.same());
        ArrayNode differing = json.putArray("differing");
        replay.differing().forEach(place -> differing.add(place(place, proofs)));
        replay.undecided().forEach(json.putObject("undecided")::put);
        replay.without().forEach(json.putObject("without")::put);
        ObjectNode counts = json.putObject("changes");
        for (Change change : Change.values()) {
            counts.put(Thresholds.name(change), replay.count(change));
        }
        json.put("unlisted", replay.unlisted());
        ArrayNode flips = json.putArray("flips");
        replay.flips().forEach(flip -> flips.add(flip(flip, proofs)));
        return json;
    }

    private static ObjectNode flip(FlipGroup flip, Proofs proofs) {
        ObjectNode json = JSON.createObjectNode()
                .put("change", Thresholds.name(flip.change()))
                .put("operation", flip.operation())
                .put("actor", flip.actor())
                .put("key", flip.key());
        array(json.putArray("before"), flip.before());
        array(json.putArray("after"), flip.after());
        json.put("count", flip.count()).put("firstTime", flip.firstTime()).put("lastTime", flip.lastTime());
        ArrayNode examples = json.putArray("examples");
        flip.examples().forEach(place -> examples.add(place(place, proofs)));
        return json;
    }

    private static void array(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    static ObjectNode place(Place place, Proofs proofs) {
        ObjectNode json = JSON.createObjectNode()
                .put("log", place.log())
                .put("index", place.index())
                .put("time", place.time());
        try {
            InclusionProof proof = proofs.of(place);
            ArrayNode path = json.put("size", proof.size()).putArray("proof");
            proof.path().forEach(hash -> path.add(hash.base64()));
        } catch (HistoryException e) {
            json.put("unproven", e.getMessage());
        }
        return json;
    }
}
