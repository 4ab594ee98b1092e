package dev.keyproof.verify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code results/oscal/assessment-results.json}: the sealed compliance findings (OCSF 2003) of a scope as OSCAL 1.1.3 assessment
 * results. One observation for each finding, one finding for each control that they name. Every UUID and time follows from the
 * entries and the head: whoever makes a pack derives it, whoever verifies derives it again and compares. A tree of JSON is enough for that; the OSCAL library, 21 MB in 67 jars, holds the tests against it.
 */
public final class OscalResults implements AutoCloseable {
    /** The results' name in the pack. */
    public static final String NAME = "results/oscal/assessment-results.json";

    /** The name of what is to be set right; there only if anything fails. */
    public static final String PLAN = "results/oscal/poam.json";

    /** The name of what was to be assessed; there only if a policy states a control. */
    public static final String ASSESSMENT_PLAN = "results/oscal/assessment-plan.json";

    private static final int COMPLIANCE_FINDING = 2003;

    /** Whatever does not hold these digits is no such finding, and need not be parsed. */
    private static final byte[] MARK = "2003".getBytes(StandardCharsets.US_ASCII);

    /** In the document where the observations go: a member that no text in it can be taken for, for the marks of quotation. */
    private static final String NONE_YET = "none yet";

    private static final String MEMBER = "\"observations\":";
    private static final byte[] OBSERVATIONS = (MEMBER + '"' + NONE_YET + '"').getBytes(StandardCharsets.US_ASCII);

    private final Scope scope;
    private final List<Spill> spills = new ArrayList<>();
    private final List<Observed> observed = new ArrayList<>();
    private final Map<String, String> texts = new HashMap<>();
    private byte @Nullable [] last;

    /** What the parts of one document are named under. */
    record Named(String origin, String root, String scope) {
        String uuid(String kind, String... inside) {
            List<String> parts = new ArrayList<>(List.of(kind, origin, root, scope));
            parts.addAll(List.of(inside));
            return NamedUuid.of(parts.toArray(String[]::new));
        }
    }

    /** Results on what a scope asks for. */
    public OscalResults(Scope scope) {
        this.scope = scope;
    }

    /** Takes the next entry that is there because others need it. */
    public void supporting(Entry entry) {
        last = entry.bytes();
    }

    /** Takes the next entry of the scope; {@code file} is where it stands in the pack. */
    public void entry(Entry entry, String file) {
        last = entry.bytes();
        if (!Marks.holds(entry.bytes(), MARK)) {
            return;
        }
        entry.json()
                .filter(json -> json.path("class_uid").asInt() == COMPLIANCE_FINDING)
                .filter(CanonicalJson::hasForm)
                .filter(scope::asksFor)
                .ifPresent(json -> observed.add(Observed.of(entry, file, json, this::shared)));
    }

    private String shared(String text) {
        return texts.computeIfAbsent(text, same -> same);
    }

    /** The time of the scope's last entry or newest finding; where neither has one, the beginning of the log's year. */
    private Instant latest(int year) {
        long newest = observed.stream().mapToLong(Observed::time).max().orElse(0);
        if (last != null) {
            // Entries of our own state their time as text, if at all; asLong takes such for 0.
            newest = Math.max(
                    newest,
                    CanonicalJson.object(last)
                            .map(json -> json.path("time").asLong())
                            .orElse(0L));
        }
        return newest > 0
                ? Instant.ofEpochMilli(newest)
                : Year.of(year).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** How many findings were taken. */
    public int observations() {
        return observed.size();
    }

    /**
     * How many keys stand how on each control.
     *
     * @param policies the bundles in the pack
     * @param keys whose state the scope tells
     */
    public Population population(List<PolicyBundle> policies, Collection<String> keys) {
        return Population.of(newest(), PolicyBundle.controls(policies), keys, scope);
    }

    /**
     * The documents by name; none in OSCAL where neither a finding names a control nor a policy states one, for OSCAL cannot say that
     * nothing was reviewed.
     *
     * @param policies the bundles in the pack
     * @param counted how many keys stand how; of a form that has no population it is not asked
     */
    public SortedMap<String, CanonicalZipWriter.Content> documents(
            PackForm form, List<Manifest.Log> logs, List<PolicyBundle> policies, Population counted) {
        TreeMap<String, CanonicalZipWriter.Content> documents = new TreeMap<>();
        List<Manifest.Log> asked =
                logs.stream().filter(log -> scope.of(log).isPresent()).toList();
        SortedMap<String, List<Observed>> controls = controls();
        TreeMap<String, PolicyBundle.Control> stated = new TreeMap<>();
        if (form.isComplete()) {
            stated.putAll(PolicyBundle.controls(policies));
            stated.keySet().removeIf(control -> !scope.asksForControl(control));
            stated.keySet().forEach(control -> controls.putIfAbsent(control, List.of()));
        }
        if (controls.isEmpty() || asked.isEmpty()) {
            return documents;
        }
        Instant latest = latest(scope.parts().getFirst().year());
        String origins = joined(asked.stream().map(Manifest.Log::origin));
        Named named = new Named(
                origins,
                joined(asked.stream().map(OscalResults::root)),
                scope.json().toString());
        ObjectNode metadata = object().put("title", "Compliance findings sealed in " + origins)
                .put("last-modified", latest.toString())
                .put("version", joined(asked.stream().map(log -> Long.toString(log.size()))))
                .put("oscal-version", "1.1.3");
        List<String> digests =
                policies.stream().map(PolicyBundle::digest).distinct().sorted().toList();
        Optional<Population> population = form.isComplete() ? Optional.of(counted) : Optional.empty();
        population.ifPresent(known -> documents.put(Population.NAME, content(known.bytes())));
        if (!stated.isEmpty()) {
            documents.put(ASSESSMENT_PLAN, content(OscalAssessmentPlan.document(named, metadata, digests, stated)));
        }
        Assessed assessed = new Assessed(asked, controls, population, named, latest);
        documents.put(NAME, results(assessed, digests, !stated.isEmpty(), metadata));
        OscalPlan.document(named, metadata, controls, form).ifPresent(plan -> documents.put(PLAN, content(plan)));
        return documents;
    }

    /** What one document of results is about; without a population it is of a form that had none. */
    private record Assessed(
            List<Manifest.Log> asked,
            SortedMap<String, List<Observed>> controls,
            Optional<Population> population,
            Named named,
            Instant latest) {}

    private Spill results(Assessed assessed, List<String> policies, boolean planned, ObjectNode metadata) {
        ObjectNode json = object();
        ObjectNode document = json.putObject("assessment-results");
        document.put("uuid", assessed.named.uuid("assessment-results"));
        document.set("metadata", metadata);
        String plan = assessed.named.uuid("plan");
        document.putObject("import-ap").put("href", "#" + plan);
        document.putArray("results").add(result(assessed));
        ArrayNode resources = document.putObject("back-matter").putArray("resources");
        // Readers follow this to a document in OSCAL and fail where there is none; one that has no plan says so.
        resources
                .addObject()
                .put("uuid", plan)
                .put("title", planned ? "Assessment plan" : "No assessment plan")
                .put(
                        "description",
                        planned
                                ? "Rules run on every change of a key's state. Which, and which controls they answer, is in the plan."
                                : "Rules run on every change of a key's state. Which rules, and which controls they answer, stands in"
                                        + " the policy bundles of this pack. There is no plan in OSCAL: the link leads back here.")
                .putArray("rlinks")
                .addObject()
                .put("href", Oscal.fileName(planned ? ASSESSMENT_PLAN : NAME));
        Oscal.policies(resources, policies);
        return withObservations(CanonicalJson.bytes(json), assessed.population.isPresent());
    }

    /** One by one in their place: there may be one for each rule and key, and as one tree they would not fit into memory. */
    private Spill withObservations(byte[] document, boolean counted) {
        int at = observed.isEmpty() ? -1 : Marks.find(document, OBSERVATIONS);
        Spill written = new Spill();
        spills.add(written);
        if (at < 0) {
            written.write(document);
            return written;
        }
        SortedMap<String, String> items = items(observed);
        written.write(document, 0, at);
        String before = MEMBER + "[";
        for (Observed one : observed) {
            written.write(before.getBytes(StandardCharsets.UTF_8));
            written.write(CanonicalJson.bytes(observation(one, items, counted)));
            before = ",";
        }
        written.write(new byte[] {']'});
        int after = at + OBSERVATIONS.length;
        written.write(document, after, document.length - after);
        return written;
    }

    private static CanonicalZipWriter.Content content(byte[] bytes) {
        return CanonicalZipWriter.Content.of(bytes);
    }

    @Override
    public void close() {
        spills.forEach(Spill::close);
    }

    private static String among(Scope.Subject subject) {
        return switch (subject.kind()) {
            case KEY -> ", on the " + subject;
            case ACTOR -> ", by the " + subject;
            case OPERATION -> ", of the " + subject;
            case CASE -> ", in the " + subject;
        };
    }

    private ObjectNode result(Assessed assessed) {
        ObjectNode result = object();
        result.put("uuid", assessed.named.uuid("result"));
        result.put("title", "Rules evaluated on keys");
        result.put(
                "description",
                "The verdicts sealed in "
                        + joined(assessed.asked.stream()
                                .map(log -> carried(scope.of(log).orElseThrow(), log.size(), scope.isOfRecords())))
                        + scope.subject().map(OscalResults::among).orElse("")
                        + scope.framework()
                                .map(name -> ", on controls of " + name)
                                .orElse("")
                        + ". Each observation names the entry that it was made of.");
        result.put(
                "start",
                time(observed.stream().mapToLong(Observed::time).min().orElse(assessed.latest.toEpochMilli())));
        result.put(
                "end", time(observed.stream().mapToLong(Observed::time).max().orElse(assessed.latest.toEpochMilli())));
        SortedMap<String, String> items = items(observed);
        if (!items.isEmpty()) {
            result.putObject("local-definitions").set("inventory-items", inventory(items));
        }
        boolean counted = assessed.population.isPresent();
        result.set(
                "reviewed-controls",
                Oscal.reviewed(
                        assessed.controls.keySet(),
                        counted
                                ? "that a policy in this pack states, or a sealed finding names"
                                : "that a sealed finding names"));
        if (!observed.isEmpty()) {
            result.put("observations", NONE_YET);
        }
        ArrayNode findings = result.putArray("findings");
        if (counted) {
            assessed.population
                    .orElseThrow()
                    .controls()
                    .forEach(control -> findings.add(OscalFinding.of(
                            assessed.named, control, assessed.controls.getOrDefault(control.control(), List.of()))));
        } else {
            assessed.controls.forEach(
                    (control, verdicts) -> findings.add(OscalFinding.of(assessed.named, control, verdicts)));
        }
        return result;
    }

    private static String carried(Scope.Part part, long size, boolean records) {
        return "the log of " + part.year() + " up to entry " + (part.end(size) - 1)
                + (records && part.from() == 0 ? "" : ", from entry " + part.from());
    }

    private static String joined(Stream<String> parts) {
        return parts.collect(Collectors.joining(", "));
    }

    static ArrayNode inventory(SortedMap<String, String> items) {
        ArrayNode inventory = JsonNodeFactory.instance.arrayNode();
        items.forEach((key, uuid) -> inventory
                .addObject()
                .put("uuid", uuid)
                .put("description", "Cryptographic key " + key)
                .putArray("props")
                .add(object().put("name", "asset-id").put("value", key)));
        return inventory;
    }

    /** The keys observed, each with its UUID. */
    static SortedMap<String, String> items(List<Observed> observed) {
        TreeMap<String, String> items = new TreeMap<>();
        for (Observed one : observed) {
            if (!one.key().isEmpty()) {
                items.putIfAbsent(one.key(), NamedUuid.of("key", one.key()));
            }
        }
        return items;
    }

    private Collection<Observed> newest() {
        Map<List<String>, Observed> newest = new LinkedHashMap<>();
        observed.forEach(one -> newest.put(List.of(one.rule(), one.key()), one));
        return newest.values();
    }

    /** Each control named, with the latest verdict of every rule on every key; an earlier one no longer counts. */
    private SortedMap<String, List<Observed>> controls() {
        TreeMap<String, List<Observed>> controls = new TreeMap<>();
        for (Observed one : newest()) {
            for (String control : one.requirements()) {
                if (!control.isBlank() && scope.asksForControl(control)) {
                    controls.computeIfAbsent(control, name -> new ArrayList<>()).add(one);
                }
            }
        }
        return controls;
    }

    /** {@code inputs}: with the digests of what the verdict was reached on. */
    static ObjectNode observation(Observed one, SortedMap<String, String> items, boolean inputs) {
        ObjectNode json = object();
        json.put("uuid", one.uuid());
        json.put("title", one.title());
        json.put("description", one.description());
        ArrayNode props = json.putArray("props");
        Oscal.property(props, "rule", one.rule());
        Oscal.property(props, "verdict", one.verdict());
        Oscal.property(props, "exception", one.exception());
        Oscal.property(props, "event", one.event());
        Oscal.property(props, "log-index", Long.toString(one.index()));
        if (inputs) {
            Oscal.property(props, "policy", one.policy());
            Oscal.property(props, "data", one.data());
            Oscal.property(props, "state", one.state());
        }
        json.putArray("methods").add("TEST");
        json.putArray("types").add("finding");
        String uuid = items.get(one.key());
        if (uuid != null) {
            json.putArray("subjects").addObject().put("subject-uuid", uuid).put("type", "inventory-item");
        }
        json.put("collected", time(one.time()));
        json.putArray("relevant-evidence")
                .addObject()
                .put("href", "../../" + one.file())
                .put("description", "Entry " + one.index() + " of " + one.log());
        return json;
    }

    private static String root(Manifest.Log log) {
        return Base64.getEncoder().encodeToString(log.root());
    }

    private static String time(long milliseconds) {
        return Instant.ofEpochMilli(milliseconds).toString();
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
