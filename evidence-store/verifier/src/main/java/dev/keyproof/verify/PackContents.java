package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What follows from the entries of a pack alone: findings, approvals, key states, and the policies cited. Whoever makes a pack
 * derives these files with it; whoever verifies derives them again and compares. Only records that a signed head of their source
 * covers, and entries of the log's own, speak with authority of keys, approvers, approvals and policies; the rest is data. What an
 * entry says and cannot be understood is named and passed over. Used by one thread.
 */
public final class PackContents implements AutoCloseable {
    /** Findings, one a line, in the order in which they were sealed. */
    public static final String FINDINGS = "results/findings.ndjson";

    /** What entries say and cannot be understood, one a line; there only if there is any. */
    public static final String NOT_UNDERSTOOD = "results/not-understood.ndjson";

    /** Legal holds in force after the entries, as far as these tell; there only if any of them speaks of holds. */
    public static final String HOLDS = "retention/holds.json";

    private final Optional<Scope> scope;
    private final Reading reading = new Reading();
    private final Claims claims = new Claims();
    private final Spill findings = new Spill();
    private final Spill notUnderstood = new Spill();
    private final TreeMap<String, List<Approval>> approvals = new TreeMap<>();
    private final TreeMap<String, List<OrderedAct>> acts = new TreeMap<>();
    private final Enrolments enrolled = new Enrolments();
    private final HoldsInForce holds = new HoldsInForce();
    private final YearEnds yearEnds = new YearEnds();
    private final TreeMap<String, Claims.KeyState> keys = new TreeMap<>();
    private final Map<String, Long> keysAt = new HashMap<>();
    private final Map<String, Fault> policies = new LinkedHashMap<>();
    private final Map<String, Fault> dataSets = new LinkedHashMap<>();
    private long entries;
    private long supporting;
    private long decisions;
    private long findingCount;
    private long notUnderstoodCount;

    /** Of a pack of all findings. */
    public PackContents() {
        this.scope = Optional.empty();
    }

    /** Of a pack of the findings that a scope asks for. */
    public PackContents(Scope scope) {
        this.scope = Optional.of(scope);
    }

    /** Takes the next entry of the scope; {@code file} is where it stands in the pack. */
    public void entry(Entry entry, String file) {
        entries++;
        take(entry, file, false);
    }

    /** Takes the next entry in the order of sealing that is there because others need it; no result or key comes of it. */
    public void supporting(Entry entry, String file) {
        supporting++;
        take(entry, file, true);
    }

    private void take(Entry entry, String file, boolean supports) {
        Optional<ObjectNode> read = entry.json();
        if (read.isEmpty()) {
            notUnderstood(entry, "not a JSON object");
            return;
        }
        ObjectNode json = read.get();
        int classUid = json.path("class_uid").asInt();
        if (!supports && (classUid == 2003 || classUid == 2004) && isAskedFor(json)) {
            findingCount++;
            findings.write(entry.bytes());
            findings.endLine();
        }
        Optional<Attestation> attestation = Attestation.of(json);
        if (attestation.isPresent()) {
            Attestation head = attestation.get();
            claims.attested(head.source(), head.epoch(), head.from(), head.to()).forEach(this::counts);
            return;
        }
        Reading.Said said = reading.read(entries + supporting, entry, json, file);
        Claims.Claim claim = supports ? said.claim().ofSupport() : said.claim();
        said.notUnderstood().forEach(reason -> notUnderstood(entry, reason));
        if (isOfTheLogItself(json)) {
            yearEnds.add(entry, json, file);
        }
        claims.said(json, claim).forEach(this::counts);
    }

    private boolean isAskedFor(ObjectNode finding) {
        return scope.map(asked -> asked.asksFor(finding)).orElse(true);
    }

    /** The service that seals takes neither of these from anybody. */
    static boolean isOfTheLogItself(JsonNode json) {
        return json.has("keyproof")
                || json.path("api").path("service").path("name").asText().equals("evidence-service");
    }

    private void counts(Claims.Claim claim) {
        if (claim.decision() != null) {
            decisions += claim.supporting() ? 0 : 1;
            policies.putIfAbsent(claim.decision().policy(), claim.decision().missing());
            dataSets.putIfAbsent(claim.decision().data(), claim.decision().missing());
        }
        if (claim.enrolment() != null) {
            enrolled.add(claim.ordinal(), claim.enrolment());
        }
        if (claim.key() != null
                && claim.ordinal() > keysAt.getOrDefault(claim.key().id(), -1L)) {
            keysAt.put(claim.key().id(), claim.ordinal());
            keys.put(claim.key().id(), claim.key());
        }
        if (claim.approval() != null) {
            approvals
                    .computeIfAbsent(claim.approval().id(), id -> new ArrayList<>())
                    .add(claim.approval());
        }
        if (claim.act() != null) {
            acts.computeIfAbsent(claim.act().approval(), id -> new ArrayList<>())
                    .add(claim.act());
        }
        if (claim.hold() != null) {
            holds.add(claim.hold());
        }
    }

    private void notUnderstood(Entry entry, String reason) {
        notUnderstoodCount++;
        ObjectNode line = CanonicalJson.MAPPER.createObjectNode();
        line.put("log", entry.log()).put("index", entry.index()).put("reason", reason);
        notUnderstood.write(CanonicalJson.bytes(line));
        notUnderstood.endLine();
    }

    /** Whether an entry enrols an approver's key. */
    public static boolean isEnrolment(JsonNode json) {
        return Reading.enrolment(json).path("jwk").isObject();
    }

    static String approvalFile(String id) {
        return "approvals/" + id + ".json";
    }

    /** The files, by name; they can be read until this is closed. */
    public SortedMap<String, CanonicalZipWriter.Content> files() {
        TreeMap<String, CanonicalZipWriter.Content> files = new TreeMap<>();
        files.put(FINDINGS, findings);
        if (notUnderstoodCount > 0) {
            files.put(NOT_UNDERSTOOD, notUnderstood);
        }
        approvals.forEach(
                (id, uses) -> files.put(approvalFile(id), json(uses.getFirst().json(enrolled))));
        keys.forEach((id, key) -> {
            ObjectNode file = CanonicalJson.MAPPER.createObjectNode();
            file.put("log", key.log()).put("index", key.index());
            file.set("state", key.state());
            files.put("keys/" + id + ".json", json(file));
        });
        if (!holds.isEmpty()) {
            ObjectNode inForce = CanonicalJson.MAPPER.createObjectNode();
            ArrayNode list = inForce.putArray("holds");
            holds.list().forEach(hold -> list.add(hold.json()));
            ArrayNode releases = inForce.putArray("releases");
            holds.releases()
                    .forEach(one -> releases.addObject()
                            .put("hold", one.name())
                            .put("log", one.log())
                            .put("index", one.index()));
            files.put(HOLDS, json(inForce));
        }
        return files;
    }

    private static CanonicalZipWriter.Content json(ObjectNode json) {
        return CanonicalZipWriter.Content.of(CanonicalJson.bytes(json));
    }

    @Override
    public void close() {
        findings.close();
        notUnderstood.close();
    }

    /** Legal holds in force after the entries, as far as these tell. */
    public List<LegalHold> holds() {
        return holds.list();
    }

    /** Policy digests that decisions cite, each with the fault it would be not to have it. */
    public Map<String, Fault> policies() {
        return Collections.unmodifiableMap(policies);
    }

    /** Data set digests that decisions cite. */
    public Map<String, Fault> dataSets() {
        return Collections.unmodifiableMap(dataSets);
    }

    /** The uses of each approval, by the id of its request. */
    SortedMap<String, List<Approval>> approvals() {
        return approvals;
    }

    /** What was done of earlier orders, by the approval that each was given on. */
    SortedMap<String, List<OrderedAct>> acts() {
        return acts;
    }

    YearEnds yearEnds() {
        return yearEnds;
    }

    Enrolments enrolled() {
        return enrolled;
    }

    /** Entries of the scope. */
    public long entries() {
        return entries;
    }

    /** Entries that are there because those of the scope need them. */
    public long supporting() {
        return supporting;
    }

    public long decisions() {
        return decisions;
    }

    public long findings() {
        return findingCount;
    }

    public int keys() {
        return keys.size();
    }

    /** Keys whose state entries of the scope tell. */
    public Set<String> keyIds() {
        return Collections.unmodifiableSet(keys.keySet());
    }

    /** Records of Keyproof's own parts that no head in the pack covers. */
    public long unattested() {
        return claims.unattested();
    }

    /** Lines of {@link #NOT_UNDERSTOOD}. */
    public long notUnderstood() {
        return notUnderstoodCount;
    }
}
