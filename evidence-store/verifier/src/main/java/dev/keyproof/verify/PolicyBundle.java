package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A policy bundle as far as a verifier needs it: its own digest, and that of the data set inside.
 *
 * @param digest {@code sha256:} of the file's bytes
 * @param dataDigest {@code sha256:} of the canonical form of {@code data.json}, where there is one
 * @param persons who calls and approves under several names: the person's name by each of these
 * @param quorums who must approve, by operation
 * @param retention how long sealed evidence is kept, where the data says so
 * @param controls the controls of its frameworks, by {@code framework:id} as findings name them
 */
public record PolicyBundle(
        String digest,
        @Nullable String dataDigest,
        Map<String, String> persons,
        Map<String, Quorum> quorums,
        Optional<Retention> retention,
        Map<String, Control> controls) {
    private static final int BLOCK = 512;

    /** A data set is parameters, not a database. */
    private static final int LARGEST_DATA = 16 << 20;

    public PolicyBundle {
        persons = Map.copyOf(persons);
        quorums = Map.copyOf(quorums);
        controls = Map.copyOf(controls);
    }

    /**
     * A control of a framework: rules answer it, or a person does.
     *
     * @param rules names of rules, sorted
     * @param person what a person must show
     */
    public record Control(String title, List<String> rules, Optional<String> person) {
        public Control {
            rules = rules.stream().sorted().distinct().toList();
        }

        /** What two bundles say of the same control: the rules of both, the other's title. */
        Control and(Control other) {
            List<String> both = new ArrayList<>(rules);
            both.addAll(other.rules);
            return new Control(other.title, both, other.person.or(() -> person));
        }

        private static Control of(JsonNode control) {
            List<String> rules = new ArrayList<>();
            control.path("rules").forEach(rule -> rules.add(rule.asText()));
            return new Control(
                    control.path("title").asText(),
                    rules,
                    Optional.of(control.path("person").asText()).filter(person -> !person.isEmpty()));
        }
    }

    /** The controls that any of these bundles states, by {@code framework:id}. */
    public static SortedMap<String, Control> controls(List<PolicyBundle> bundles) {
        TreeMap<String, Control> controls = new TreeMap<>();
        bundles.stream()
                .sorted(Comparator.comparing(PolicyBundle::digest))
                .forEach(bundle -> bundle.controls.forEach((name, one) -> controls.merge(name, one, Control::and)));
        return controls;
    }

    /** So many approvers who have a role. */
    public record Quorum(int approvers, String role) {}

    /** How long events of a kind are kept, and how long of that at hand. */
    public record Kept(int months, int atHandMonths) {
        private Kept and(Kept other) {
            return new Kept(Math.max(months, other.months), Math.max(atHandMonths, other.atHandMonths));
        }
    }

    /**
     * How long sealed evidence is kept.
     *
     * @param noticeDays how many days before its end it is announced
     * @param classes by kind of event, at least one
     */
    public record Retention(int noticeDays, Map<String, Kept> classes) {
        public Retention {
            classes = Map.copyOf(classes);
        }

        /** The longest of both. */
        public Retention and(Retention other) {
            Map<String, Kept> both = new HashMap<>(classes);
            other.classes.forEach((kind, kept) -> both.merge(kind, kept, Kept::and));
            return new Retention(Math.max(noticeDays, other.noticeDays), both);
        }

        /** Of the class that is kept longest. */
        public int months() {
            return classes.values().stream().mapToInt(Kept::months).max().orElseThrow();
        }

        /** Of the class that is at hand longest. */
        public int atHandMonths() {
            return classes.values().stream().mapToInt(Kept::atHandMonths).max().orElseThrow();
        }

        private static Optional<Retention> of(JsonNode data) {
            Map<String, Kept> classes = new HashMap<>();
            data.path("classes")
                    .properties()
                    .forEach(kind -> classes.put(
                            kind.getKey(),
                            new Kept(
                                    kind.getValue().path("months").asInt(),
                                    kind.getValue().path("atHandMonths").asInt())));
            boolean sound = !classes.isEmpty()
                    && data.path("noticeDays").asInt() > 0
                    && classes.values().stream().allMatch(kept -> kept.months() > 0);
            return sound ? Optional.of(new Retention(data.path("noticeDays").asInt(), classes)) : Optional.empty();
        }
    }

    /** Reads a {@code .tar.gz}. @throws IOException if it is none, or its data is no JSON object in which every value has one form */
    public static PolicyBundle read(byte[] bundle) throws IOException {
        String dataDigest = null;
        Map<String, String> persons = new HashMap<>();
        Map<String, Quorum> quorums = new HashMap<>();
        Optional<Retention> retention = Optional.empty();
        Map<String, Control> controls = new HashMap<>();
        try (DataInputStream tar = new DataInputStream(new GZIPInputStream(new ByteArrayInputStream(bundle)))) {
            byte[] header = new byte[BLOCK];
            while (tar.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
                long size = size(header);
                if (name(header).equals("data.json") && size <= LARGEST_DATA) {
                    JsonNode data = CanonicalJson.MAPPER.readTree(tar.readNBytes((int) size));
                    if (!data.isObject() || !CanonicalJson.hasForm(data)) {
                        throw new IOException("its data.json is no object with a canonical form");
                    }
                    dataDigest = "sha256:" + Digests.hex(CanonicalJson.bytes(data));
                    JsonNode parameters = data.path("keyproof").path("parameters");
                    parameters
                            .path("persons")
                            .properties()
                            .forEach(person ->
                                    person.getValue().forEach(name -> persons.put(name.asText(), person.getKey())));
                    retention = Retention.of(parameters.path("retention"));
                    parameters
                            .path("quorums")
                            .properties()
                            .forEach(quorum -> quorums.put(
                                    quorum.getKey(),
                                    new Quorum(
                                            quorum.getValue().path("approvers").asInt(),
                                            quorum.getValue().path("role").asText())));
                    data.path("keyproof")
                            .path("frameworks")
                            .forEach(framework -> framework
                                    .path("controls")
                                    .forEach(control -> controls.put(
                                            framework.path("framework").asText() + ":"
                                                    + control.path("id").asText(),
                                            Control.of(control))));
                } else {
                    tar.skipNBytes(size);
                }
                tar.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
            }
        } catch (NumberFormatException e) {
            throw new IOException("not a tar archive", e);
        }
        return new PolicyBundle("sha256:" + Digests.hex(bundle), dataDigest, persons, quorums, retention, controls);
    }

    private static String name(byte[] header) {
        String name = text(header, 0, 100);
        return name.startsWith("./") ? name.substring(2) : name.startsWith("/") ? name.substring(1) : name;
    }

    private static long size(byte[] header) {
        return Long.parseLong(text(header, 124, 12).strip(), 8);
    }

    private static String text(byte[] header, int at, int length) {
        String field = new String(header, at, length, StandardCharsets.ISO_8859_1);
        int end = field.indexOf('\0');
        return end < 0 ? field : field.substring(0, end);
    }
}
