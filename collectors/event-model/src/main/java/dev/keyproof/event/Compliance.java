package dev.keyproof.event;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of one rule: {@code control} the rule's id, {@code standards} each framework with its version,
 * {@code requirements} each control as {@code framework:id}.
 */
public record Compliance(
        String control,
        List<String> standards,
        List<String> requirements,
        Result statusId,
        @Nullable String statusCode,
        @Nullable String statusDetail,
        @Nullable String desc) {

    /** OCSF compliance {@code status_id}: NOT-APPLICABLE and NOT-EVALUATED are 99 with the word in {@code status_code}. */
    public enum Result {
        UNKNOWN(0),
        PASS(1),
        WARNING(2),
        FAIL(3),
        OTHER(99);

        private final int id;

        Result(int id) {
            this.id = id;
        }

        @JsonValue
        public int id() {
            return id;
        }

        @JsonCreator
        static Result of(int id) {
            for (Result result : values()) {
                if (result.id == id) {
                    return result;
                }
            }
            return OTHER;
        }
    }
}
