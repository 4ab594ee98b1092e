package dev.keyproof.evidence.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.evidence.access.Operation;
import dev.keyproof.evidence.hold.Holds;
import dev.keyproof.evidence.retention.Retention;
import dev.keyproof.evidence.retention.YearDrops;
import dev.keyproof.evidence.seal.OwnEntries;
import dev.keyproof.evidence.seal.YearDrop;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.verify.PolicyBundle;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is kept and how long: {@code GET /v1/holds}, the legal holds in force and records about holds that no sound approval bears out; {@code
 * GET /v1/retention}, what ends when; {@code POST /v1/retention/YEAR:drop}. Thread-safe.
 */
public final class RetentionRoutes implements Routes {
    private final ObjectMapper mapper = new ObjectMapper();
    private final Holds holds;
    private final Retention retention;
    private final YearDrops drops;
    private final OwnEntries entries;

    public RetentionRoutes(Holds holds, Retention retention, YearDrops drops, OwnEntries entries) {
        this.holds = holds;
        this.retention = retention;
        this.drops = drops;
        this.entries = entries;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/v1/holds", Operation.READ_STATE, call -> holds()),
                Route.get("/v1/retention", Operation.READ_STATE, call -> retention()),
                Route.post("/v1/retention/([0-9]{4}):drop", Operation.DROP_YEAR, this::drop));
    }

    private Answer drop(Call call) throws EvidenceException {
        int year = Integer.parseInt(call.parts().getFirst());
        ObjectNode scope = mapper.createObjectNode().put("year", year);
        YearDrop dropped =
                drops.drop(year, call.admission().orElseThrow().caller().id(), entries);
        return Answer.json(200, json(dropped)).about(scope);
    }

    private ObjectNode json(YearDrop drop) throws EvidenceException {
        return mapper.createObjectNode()
                .put("year", drop.year())
                .put("origin", drop.origin())
                .put("state", "dropped")
                .put("ends", drop.ends().toString())
                .put("size", YearDrops.head(drop).size())
                .put("by", drop.by());
    }

    private Answer holds() throws EvidenceException {
        ObjectNode json = mapper.createObjectNode();
        ArrayNode inForce = json.putArray("holds");
        holds.inForce().forEach(hold -> inForce.add(hold.json()));
        ArrayNode flaws = json.putArray("flaws");
        holds.flaws()
                .forEach(flaw -> flaws.addObject()
                        .put("log", flaw.log())
                        .put("index", flaw.index())
                        .put("operation", flaw.operation())
                        .put("hold", flaw.hold())
                        .put("reason", flaw.reason()));
        return Answer.json(200, json);
    }

    /** Without {@code policy} where none says how long anything is kept: then nothing ends. */
    private Answer retention() throws EvidenceException {
        ObjectNode json = mapper.createObjectNode();
        Optional<PolicyBundle.Retention> policy = retention.policy();
        ArrayNode years = json.putArray("years");
        for (YearDrop drop : drops.years()) {
            years.add(json(drop));
        }
        if (policy.isPresent()) {
            ObjectNode said =
                    json.putObject("policy").put("noticeDays", policy.get().noticeDays());
            ObjectNode classes = said.putObject("classes");
            new TreeMap<>(policy.get().classes())
                    .forEach((kind, kept) -> classes.putObject(kind)
                            .put("months", kept.months())
                            .put("atHandMonths", kept.atHandMonths()));
            for (Retention.Planned planned : retention.schedule(policy.get())) {
                ObjectNode year = years.addObject()
                        .put("year", planned.year().year())
                        .put("origin", planned.origin())
                        .put("state", planned.year().state().name().toLowerCase(Locale.ROOT))
                        .put("ends", planned.year().ends().toString())
                        .put("atHandUntil", planned.year().atHandUntil().toString());
                ArrayNode heldBy = year.putArray("heldBy");
                planned.year().heldBy().forEach(heldBy::add);
                planned.noticed().ifPresent(since -> year.put("noticed", since.toString()));
            }
        }
        return Answer.json(200, json);
    }
}
