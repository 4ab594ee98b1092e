package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an entry does about legal holds. */
sealed interface HoldAct {
    String PLACE = "PlaceLegalHold";
    String RELEASE = "ReleaseLegalHold";

    /** Places one. */
    record Placed(LegalHold hold) implements HoldAct {
        @Override
        public String operation() {
            return PLACE;
        }

        @Override
        public String name() {
            return hold.hold();
        }

        @Override
        public HoldAct approved(boolean so) {
            return new Placed(new LegalHold(
                    hold.hold(), hold.fromYear(), hold.toYear(), hold.reason(), hold.log(), hold.index(), so));
        }
    }

    /** Releases all of a name, if it is approved. */
    record Released(String name, String log, long index, boolean approved) implements HoldAct {
        @Override
        public String operation() {
            return RELEASE;
        }

        @Override
        public HoldAct approved(boolean so) {
            return new Released(name, log, index, so);
        }
    }

    /** The log itself says which were in force when the year before had ended. */
    record Carried(List<LegalHold> holds) implements HoldAct {
        @Override
        public String operation() {
            return "LogYearEnd";
        }

        @Override
        public String name() {
            return "";
        }

        @Override
        public HoldAct approved(boolean so) {
            return this;
        }
    }

    /** By which operation. */
    String operation();

    /** The hold's name; nothing where it is about several. */
    String name();

    /** The same, approved or not. */
    HoldAct approved(boolean so);

    /** What the outcome of an operation does, by the approval that it used. */
    static @Nullable HoldAct of(Entry entry, JsonNode json, @Nullable Approval approval) {
        JsonNode extension = json.path("unmapped").path("keyproof");
        JsonNode signed =
                extension.path("decision").path("input").path("request").path("parameters");
        boolean approved = approval != null && approval.coversParameters();
        return switch (json.path("api").path("operation").asText()) {
            case PLACE ->
                new Placed(LegalHold.of(
                        // Where nothing was signed, what the record says of itself: it holds all the same.
                        signed.isObject() ? signed : extension.path("detail"), entry.log(), entry.index(), approved));
            case RELEASE -> new Released(signed.path("hold").asText(), entry.log(), entry.index(), approved);
            default -> null;
        };
    }

    /** What the log's own entry on the end of a year carries over; null if it is none. */
    static @Nullable HoldAct carried(JsonNode json) {
        JsonNode carried = json.path("unmapped")
                .path("keyproof")
                .path("detail")
                .path("yearEnd")
                .path("holds");
        if (!carried.isArray() || !PackContents.isOfTheLogItself(json)) {
            return null;
        }
        List<LegalHold> holds = new ArrayList<>();
        carried.forEach(hold -> LegalHold.carried(hold).ifPresent(holds::add));
        return new Carried(List.copyOf(holds));
    }
}
