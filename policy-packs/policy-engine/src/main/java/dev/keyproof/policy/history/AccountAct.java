package dev.keyproof.policy.history;

/**
 * What a known caller did, or was refused.
 *
 * @param roles as its proof or policy's data gave them, apart by spaces
 * @param count how often
 * @param last when it began the last time, milliseconds since 1970
 */
public record AccountAct(String account, String operation, Ending ending, String roles, long count, long last) {
    /** How it ended. */
    public enum Ending {
        DONE("done"),
        /** Done under an elevation: by what was lent, not by what the caller is. */
        ELEVATED("elevated"),
        /** By policy. */
        REFUSED("refused"),
        /** Permitted and not done. */
        FAILED("failed");

        private final String json;

        Ending(String json) {
            this.json = json;
        }

        String json() {
            return json;
        }
    }
}
