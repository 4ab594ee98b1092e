package dev.keyproof.review.pages;

import java.util.List;
import java.util.Optional;

/**
 * A framework as far as it asks for anything of keys.
 *
 * @param name as controls name it
 * @param checkedOn when the numbers of its controls were compared
 * @param checkedAgainst with which text
 */
record Framework(
        String name,
        String version,
        String title,
        String publisher,
        String date,
        String checkedOn,
        String checkedAgainst,
        List<Control> controls) {
    Framework {
        controls = List.copyOf(controls);
    }

    /**
     * A control: rules answer it, or a person, or each a part.
     *
     * @param rules names of rules
     * @param person what a person is to supply
     * @param attach where that is put
     */
    record Control(String id, String title, List<String> rules, Optional<String> person, Optional<String> attach) {
        Control {
            rules = List.copyOf(rules);
        }

        Answer answer() {
            return rules.isEmpty() ? Answer.PERSON : person.isEmpty() ? Answer.RULES : Answer.BOTH;
        }
    }

    /** Who answers a control. */
    enum Answer {
        RULES("rules"),
        BOTH("rules and a person"),
        PERSON("a person");

        private final String text;

        Answer(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    long count(Answer answer) {
        return controls.stream().filter(control -> control.answer() == answer).count();
    }
}
