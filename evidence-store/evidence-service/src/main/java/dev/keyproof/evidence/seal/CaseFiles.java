package dev.keyproof.evidence.seal;

import dev.keyproof.verify.CaseFile;
import dev.keyproof.verify.CaseStep;
import dev.keyproof.verify.Entry;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The cases of auditors as the log tells them; made again from it at each start. A step that does not follow is none. Thread-safe. */
public final class CaseFiles {
    private final Map<String, CaseFile> cases = new LinkedHashMap<>();

    CaseFiles() {}

    /** Takes an entry that is on disk. */
    synchronized void sealed(Entry entry) {
        CaseStep step = CaseStep.of(entry).orElse(null);
        if (step == null) {
            return;
        }
        CaseFile file = cases.getOrDefault(step.id(), new CaseFile());
        if (file.isNext(step)) {
            file.add(entry, step);
            cases.put(step.id(), file);
        }
    }

    /** A case as it is now. */
    public synchronized Optional<CaseFile> find(String id) {
        return Optional.ofNullable(cases.get(id)).map(CaseFile::new);
    }

    /** All of them as they are now, by id, in the order in which they were opened. */
    public synchronized Map<String, CaseFile> all() {
        Map<String, CaseFile> all = new LinkedHashMap<>();
        cases.forEach((id, file) -> all.put(id, new CaseFile(file)));
        return all;
    }

    /** Where the steps of cases stand that are open, on which later ones stand, or of those that are closed. */
    synchronized Set<Supports.Place> steps(boolean closed) {
        Set<Supports.Place> places = new HashSet<>();
        for (CaseFile file : cases.values()) {
            if (file.isClosed() == closed) {
                file.steps().forEach(step -> places.add(new Supports.Place(step.year(), step.index())));
            }
        }
        return places;
    }
}
