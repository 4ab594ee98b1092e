package dev.keyproof.verify;

import java.util.Optional;

/** The form of a pack, as its manifest states it: which files follow from the entries. Packs are made in the last one. */
public enum PackForm {
    /** Without what was to be assessed, how many keys were, and how long evidence is kept; what is to be set right may be missing. */
    V1("pack/v1"),

    /** With all of it. */
    V2("pack/v2");

    private final String text;

    PackForm(String text) {
        this.text = text;
    }

    /** In which packs are made. */
    public static PackForm current() {
        return V2;
    }

    static Optional<PackForm> of(String text) {
        for (PackForm form : values()) {
            if (form.text.equals(text)) {
                return Optional.of(form);
            }
        }
        return Optional.empty();
    }

    String text() {
        return text;
    }

    /** A sentence on what packs of this form do not hold; empty if it holds all. */
    Optional<String> lacks() {
        return isComplete()
                ? Optional.empty()
                : Optional.of("The pack is of the form " + text
                        + ": which controls were to be assessed on which keys, and how long"
                        + " evidence is kept, is not in it.");
    }

    /** Whether everything that follows from the entries must be there. */
    boolean isComplete() {
        return this != V1;
    }
}
