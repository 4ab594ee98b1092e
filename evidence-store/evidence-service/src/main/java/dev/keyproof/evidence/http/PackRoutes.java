package dev.keyproof.evidence.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.evidence.access.AccessLog;
import dev.keyproof.evidence.access.AccessPolicy;
import dev.keyproof.evidence.access.Admission;
import dev.keyproof.evidence.access.NotRecordedException;
import dev.keyproof.evidence.access.Operation;
import dev.keyproof.evidence.pack.PackBuilder;
import dev.keyproof.evidence.pack.PackProgress;
import dev.keyproof.evidence.pack.PackRequest;
import dev.keyproof.evidence.pack.PackShelf;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Evidence to carry away: {@code POST /v1/packs} builds a pack, and with {@code Prefer: respond-async} (RFC 7240) answers before that, so
 * that {@code GET /v1/packs/builds/ID} tells how far it is; {@code GET /v1/packs} and {@code /v1/packs/SHA256} tell of those on disk,
 * each with a link to its content for this caller, {@code GET /v1/packs/SHA256/content} by such a link sends it, whole or from where an
 * earlier download broke off. Thread-safe.
 */
public final class PackRoutes implements Routes, AutoCloseable {
    private static final String ZIP = "application/zip";
    private static final String BUILDS = "/v1/packs/builds/";
    private static final String PACK = "/v1/packs/([0-9a-f]{64})";

    /** Of a scope that is asked for: it stands in the record. */
    private static final int LONGEST_SCOPE = 4096;

    private final ObjectMapper mapper = new ObjectMapper();
    private final Links links = new Links();
    private final PackBuilds builds = new PackBuilds();
    private final PackBuilder packs;
    private final PackShelf shelf;
    private final AccessPolicy policy;
    private final AccessLog record;
    private final YearLogs logs;
    private final InstantSource clock;

    public PackRoutes(
            PackBuilder packs,
            PackShelf shelf,
            AccessPolicy policy,
            AccessLog record,
            YearLogs logs,
            InstantSource clock) {
        this.packs = packs;
        this.shelf = shelf;
        this.policy = policy;
        this.record = record;
        this.logs = logs;
        this.clock = clock;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post("/v1/packs", Operation.BUILD_PACK, this::build),
                Route.get("/v1/packs", Operation.READ_PACKS, this::list),
                Route.get(BUILDS + "([0-9a-f-]{36})", Operation.READ_PACKS, this::progress),
                Route.get(PACK, Operation.READ_PACKS, this::one),
                Route.get(PACK + "/content", Operation.DOWNLOAD_PACK, this::content));
    }

    private Answer build(Call call) throws EvidenceException, IOException {
        JsonNode scope = call.body(mapper);
        JsonNode inner = scope.has("scope") ? scope.path("scope") : scope;
        if (inner.toString().length() > LONGEST_SCOPE) {
            throw new EvidenceException("a scope has at most " + LONGEST_SCOPE + " characters");
        }
        PackRequest request = PackRequest.of(inner, logs.year());
        if (asksForNoWait(call)) {
            return begin(call, request, inner);
        }
        PackBuilds.Finished finished = finished(packs.build(request, new PackProgress()));
        return Answer.json(201, json(call, finished))
                .with(Map.of("Location", "/v1/packs/" + finished.kept().sha256()))
                .about(read(finished, inner));
    }

    private static boolean asksForNoWait(Call call) {
        return call.headers().getOrDefault("Prefer", List.of()).stream()
                .flatMap(header -> Stream.of(header.split("[,;]", -1)))
                .anyMatch(preference -> preference.strip().equalsIgnoreCase("respond-async"));
    }

    /** What comes of it is on record as well before anybody is told. */
    private Answer begin(Call call, PackRequest request, JsonNode asked) throws EvidenceException {
        Admission admission = call.admission().orElseThrow();
        PackBuilds.Build build = builds.begin((id, progress) -> {
                    PackBuilds.Finished finished;
                    try {
                        finished = finished(packs.build(request, progress));
                    } catch (EvidenceException e) {
                        record.done(admission, 409, 0, begun(id, asked));
                        throw e;
                    }
                    record.done(admission, 201, 0, read(finished, asked).put("build", id));
                    return finished;
                })
                .orElseThrow(
                        () -> new EvidenceException("too many packs wait to be built; ask again when one is done"));
        return Answer.json(202, json(call, build))
                .with(Map.of("Location", BUILDS + build.id(), "Preference-Applied", "respond-async"))
                .about(begun(build.id(), asked));
    }

    private ObjectNode begun(String build, JsonNode asked) {
        ObjectNode read = mapper.createObjectNode().put("build", build);
        read.set("asked", asked);
        return read;
    }

    private Answer progress(Call call) {
        String id = call.parts().getFirst();
        return builds.find(id)
                .map(build -> Answer.json(200, json(call, build)))
                .orElseGet(() -> Answer.problem(
                        404, "not-found", "there is no such build any more; /v1/packs lists what was built"))
                .about(mapper.createObjectNode().put("build", id));
    }

    /** How far a build is, and in the end the pack or why there is none. */
    private ObjectNode json(Call call, PackBuilds.Build build) {
        ObjectNode json = mapper.createObjectNode().put("build", build.id());
        // Asked first: what ended has done all its entries.
        Optional<PackBuilds.End> end = build.end();
        json.put("entries", build.progress().entries());
        build.progress().total().ifPresent(total -> json.put("total", total));
        if (end.isEmpty()) {
            return json.put("state", build.progress().phase().name().toLowerCase(Locale.ROOT));
        }
        switch (end.get()) {
            case PackBuilds.End.Done done -> json.put("state", "done").set("pack", json(call, done.pack()));
            case PackBuilds.End.Failed failed ->
                json.put("state", "failed")
                        .putObject("problem")
                        .put("type", "urn:keyproof:problem:" + failed.type())
                        .put("detail", failed.detail());
        }
        return json;
    }

    private PackBuilds.Finished finished(PackBuilder.Built built) throws IOException {
        return new PackBuilds.Finished(built, shelf.of(built.pack()));
    }

    private ObjectNode json(Call call, PackBuilds.Finished finished) {
        PackBuilder.Built built = finished.built();
        ObjectNode json = mapper.createObjectNode()
                .put("pack", built.pack().toString())
                .put("trust", built.trust().toString())
                .put("size", built.size())
                .put("entries", built.verdict().summary().entries())
                .put("supporting", built.verdict().summary().supporting())
                .put("verified", true)
                .put("sha256", finished.kept().sha256())
                .put("bytes", finished.kept().size());
        link(call, finished.kept().sha256()).ifPresent(link -> json.set("link", link));
        return json;
    }

    /** For the record. */
    private ObjectNode read(PackBuilds.Finished finished, JsonNode asked) {
        ObjectNode read = mapper.createObjectNode()
                .put("pack", finished.kept().sha256())
                .put("size", finished.built().size())
                .put("entries", finished.built().verdict().summary().entries());
        read.set("asked", asked);
        return read;
    }

    private Answer list(Call call) throws IOException {
        ObjectNode json = mapper.createObjectNode();
        ArrayNode list = json.putArray("packs");
        for (PackShelf.Kept kept : shelf.all()) {
            list.add(json(call, kept));
        }
        return Answer.json(200, json);
    }

    private Answer one(Call call) throws IOException {
        String pack = call.parts().getFirst();
        return shelf.find(pack)
                .map(kept -> Answer.json(200, json(call, kept)))
                .orElseGet(PackRoutes::notThere)
                .about(mapper.createObjectNode().put("pack", pack));
    }

    private ObjectNode json(Call call, PackShelf.Kept kept) {
        ObjectNode json = mapper.createObjectNode()
                .put("name", kept.file().getFileName().toString())
                .put("sha256", kept.sha256())
                .put("bytes", kept.size())
                .put("made", kept.made().truncatedTo(ChronoUnit.SECONDS).toString());
        link(call, kept.sha256()).ifPresent(link -> json.set("link", link));
        return json;
    }

    /** Whom policy lets download gets a link, for as long as it says. */
    private Optional<ObjectNode> link(Call call, String pack) {
        Admission asks = call.admission().orElseThrow();
        Admission download = policy.ask(asks.caller(), Operation.DOWNLOAD_PACK);
        if (!download.allowed() || download.linkMinutes() < 1) {
            return Optional.empty();
        }
        Instant until =
                clock.instant().plus(download.linkMinutes(), ChronoUnit.MINUTES).truncatedTo(ChronoUnit.SECONDS);
        return Optional.of(mapper.createObjectNode()
                .put("href", links.path(pack, asks.caller().id(), until))
                .put("until", until.toString()));
    }

    private Answer content(Call call) throws EvidenceException, IOException, NotRecordedException {
        Admission admission = call.admission().orElseThrow();
        String pack = call.parts().getFirst();
        ObjectNode read = mapper.createObjectNode().put("pack", pack);
        Instant until = Instant.ofEpochSecond(expires(call));
        if (!links.isGood(
                pack, admission.caller().id(), until, call.query("signature").orElse(""))) {
            return Answer.problem(
                            403,
                            "link-not-good",
                            "this link was not made for this caller and this pack; /v1/packs/" + pack + " has another")
                    .about(read);
        }
        if (clock.instant().isAfter(until)) {
            return Answer.problem(410, "link-ended", "this link has ended; /v1/packs/" + pack + " has another")
                    .about(read);
        }
        Optional<PackShelf.Kept> kept = shelf.find(pack);
        return kept.isEmpty() ? notThere().about(read) : content(call, admission, kept.get(), until);
    }

    /** 0, by which no link is good, unless there is a number that can be one. */
    private static long expires(Call call) {
        return call.query("expires")
                .filter(text -> text.matches("[0-9]{1,11}"))
                .map(Long::parseLong)
                .orElse(0L);
    }

    private Answer content(Call call, Admission admission, PackShelf.Kept kept, Instant until)
            throws IOException, NotRecordedException {
        Map<String, String> headers = new LinkedHashMap<>();
        String tag = '"' + kept.sha256() + '"';
        headers.put("ETag", tag);
        headers.put("Accept-Ranges", "bytes");
        headers.put(
                "Content-Disposition", "attachment; filename=\"" + kept.file().getFileName() + "\"");
        ObjectNode read = mapper.createObjectNode().put("pack", kept.sha256());
        if (call.method().equals("HEAD")) {
            return new Answer(200, ZIP, Answer.Body.ofLength(kept.size()), headers, Optional.of(read));
        }
        return switch (Ranges.of(call.headers(), tag, kept.size())) {
            case Ranges.Whole whole ->
                part(admission, kept, until, new Ranges.Part(0, whole.length(), whole.length()))
                        .map(body -> new Answer(200, ZIP, body, headers, Optional.empty()))
                        .orElseGet(() -> notThere().about(read));
            case Ranges.Part part -> {
                headers.put("Content-Range", part.header());
                yield part(admission, kept, until, part)
                        .map(body -> new Answer(206, ZIP, body, headers, Optional.empty()))
                        .orElseGet(() -> notThere().about(read));
            }
            case Ranges.Beyond beyond -> {
                headers.put("Content-Range", beyond.header());
                yield new Answer(416, ZIP, new byte[0], headers).about(read);
            }
        };
    }

    /** What is to be sent, once it is on record that it is; empty if the pack was built anew meanwhile. */
    private Optional<Answer.Body> part(Admission admission, PackShelf.Kept kept, Instant until, Ranges.Part part)
            throws IOException, NotRecordedException {
        FileChannel file;
        try {
            file = FileChannel.open(kept.file());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            // Asked of the file once it is open: from here on it stays the one that it is.
            if (!shelf.isThere(kept)) {
                file.close();
                return Optional.empty();
            }
            return Optional.of(new FilePart(
                    file,
                    part.from(),
                    part.to() - part.from(),
                    record.download(admission, kept.sha256(), kept.size(), until)));
        } catch (IOException | NotRecordedException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static Answer notThere() {
        return Answer.problem(404, "not-found", "there is no such pack any more; POST /v1/packs builds one");
    }

    @Override
    public void close() {
        builds.close();
    }
}
