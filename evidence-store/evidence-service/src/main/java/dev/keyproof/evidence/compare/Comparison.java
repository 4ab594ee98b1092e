package dev.keyproof.evidence.compare;

import dev.keyproof.evidence.compare.Copy.Sound;
import dev.keyproof.evidence.compare.Copy.Unsound;
import dev.keyproof.evidence.witness.AskedWitness;
import dev.keyproof.evidence.witness.Opinion;
import dev.keyproof.log.LogException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The copies of one log held against each other and against the witnesses. Two that differ were both signed by the log's own keys, so
 * signatures cannot tell which of them was rewritten: a witness can, who cosigned one of the two before.
 *
 * @param lies who contradicts what the others prove, and how; a sentence each
 * @param open what contradicts something while nothing tells which of them lies
 * @param facts what was found beside
 */
record Comparison(List<String> lies, List<String> open, List<String> facts) {
    Comparison {
        lies = List.copyOf(lies);
        open = List.copyOf(open);
        facts = List.copyOf(facts);
    }

    /** Everything that could be asked says the same. */
    boolean agrees() {
        return lies.isEmpty() && open.isEmpty();
    }

    static Comparison of(Copy disk, Copy remote, List<AskedWitness> witnesses)
            throws LogException, InterruptedException {
        Findings found = new Findings();
        List<Sound> sound = new ArrayList<>();
        for (Copy copy : List.of(disk, remote)) {
            switch (copy) {
                case Unsound broken -> found.lies.add(broken.name() + " is not what was sealed: " + broken.reason());
                case Sound whole -> {
                    sound.add(whole);
                    found.facts.add(whole.name() + ": " + whole.head().size() + " entries, root "
                            + whole.head().checkpoint().root().base64());
                }
            }
        }
        OptionalLong difference =
                sound.size() == 2 ? difference(sound.getFirst(), sound.getLast()) : OptionalLong.empty();
        for (AskedWitness witness : witnesses) {
            for (Sound copy : sound) {
                found.heard(
                        witness.name(),
                        copy,
                        witness.of(
                                copy.head(),
                                copy.tree(),
                                difference.orElse(copy.head().size())));
            }
        }
        if (sound.size() == 2) {
            found.pair(sound.getFirst(), sound.getLast(), difference);
        } else if (sound.size() == 1) {
            found.alone(sound.getFirst());
        }
        return new Comparison(found.lies, found.open, found.facts);
    }

    /** The first entry in which two logs differ; empty if the smaller is the beginning of the larger. */
    private static OptionalLong difference(Sound one, Sound other) throws LogException {
        long same = 0;
        long beyond = Math.min(one.head().size(), other.head().size());
        if (one.root(beyond).equals(other.root(beyond))) {
            return OptionalLong.empty();
        }
        // Of trees that are the same up to some entry, every smaller one is the same, and no larger one.
        while (beyond - same > 1) {
            long middle = same + (beyond - same) / 2;
            if (one.root(middle).equals(other.root(middle))) {
                same = middle;
            } else {
                beyond = middle;
            }
        }
        return OptionalLong.of(same);
    }

    private static final class Findings {
        private final List<String> lies = new ArrayList<>();
        private final List<String> open = new ArrayList<>();
        private final List<String> facts = new ArrayList<>();
        private final Map<String, Map<String, Opinion>> opinions = new LinkedHashMap<>();

        void heard(String witness, Sound copy, Opinion opinion) {
            opinions.computeIfAbsent(witness, name -> new LinkedHashMap<>()).put(copy.name(), opinion);
            facts.add(
                    switch (opinion) {
                        case Opinion.Agrees agrees -> witness + " cosigns " + copy.name();
                        case Opinion.Contradicts contradicts ->
                            witness + " refuses " + copy.name() + ": it saw another history";
                        case Opinion.Knows(long size) ->
                            witness + " saw " + size + " entries, more than " + copy.name() + " has";
                        case Opinion.Silent(String reason) ->
                            witness + " does not say of " + copy.name() + ": " + reason;
                    });
        }

        void pair(Sound disk, Sound remote, OptionalLong entry) {
            if (entry.isPresent()) {
                differ(disk, remote, entry.getAsLong());
                return;
            }
            long missing = remote.head().size() - disk.head().size();
            Sound longer = missing > 0 ? remote : disk;
            if (missing > 0) {
                lies.add(disk.name() + " is older than its copy: the last " + missing
                        + " entries that it signed are gone");
            } else if (missing < 0) {
                facts.add(remote.name() + " is the beginning of " + disk.name() + ", " + -missing + " entries behind");
            }
            for (String witness : against(longer)) {
                lies.add(witness + " stands alone: it cosigned another history than the one of which both "
                        + disk.name() + " and " + remote.name() + " hold the same");
            }
            behind(longer);
        }

        void alone(Sound copy) {
            for (String witness : against(copy)) {
                open.add(copy.name() + " and " + witness
                        + " hold different histories, and no other copy tells which is true");
            }
            behind(copy);
        }

        private void differ(Sound disk, Sound remote, long entry) {
            String from = " was rewritten from entry " + entry + " on and signed anew";
            boolean disksSide = supports(disk)
                    || (!against(remote).isEmpty() && against(disk).isEmpty());
            boolean remotesSide = supports(remote)
                    || (!against(disk).isEmpty() && against(remote).isEmpty());
            if (disksSide == remotesSide) {
                open.add(disk.name() + " and " + remote.name() + " are the same up to entry " + entry
                        + " and differ from there on: one of them" + from
                        + (disksSide ? ", and witnesses contradict each other" : ", and no witness tells which"));
                return;
            }
            lies.add((disksSide ? remote : disk).name() + from);
        }

        private void behind(Sound copy) {
            for (String witness : opinions.keySet()) {
                if (opinion(witness, copy) instanceof Opinion.Knows(long size)) {
                    open.add(
                            witness + " cosigned " + size
                                    + " entries, more than the other copies hold: they lost some, or it cosigned another history");
                }
            }
        }

        private boolean supports(Sound copy) {
            return opinions.keySet().stream().anyMatch(witness -> opinion(witness, copy) instanceof Opinion.Agrees);
        }

        private List<String> against(Sound copy) {
            return opinions.keySet().stream()
                    .filter(witness -> opinion(witness, copy) instanceof Opinion.Contradicts)
                    .toList();
        }

        private Opinion opinion(String witness, Sound copy) {
            return opinions.getOrDefault(witness, Map.of())
                    .getOrDefault(copy.name(), new Opinion.Silent("it was not asked"));
        }
    }
}
