package dev.keyproof.broker.slo;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How far a promise is kept.
 *
 * @param objective its name
 * @param target what is good, in words
 * @param share how many of all must be good, 1 for each
 * @param windowMinutes over how long that is asked
 * @param source who knows it: {@code broker} for what this one counted since it started, {@code database} for all brokers,
 *     {@code stream} for what only who sees every record can say
 * @param since from when this counts, as RFC 3339
 * @param good how many were good
 * @param total of how many
 * @param measured the share of good ones; absent where there were none, or the source is elsewhere or does not answer
 * @param met whether that is enough; absent with it
 * @param budgetLeft the share of the bad ones that are allowed which is left, negative when overdrawn; absent with it, and where none is
 *     allowed
 */
public record Objective(
        String objective,
        String target,
        double share,
        long windowMinutes,
        String source,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String since,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long good,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long total,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double measured,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean met,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double budgetLeft) {

    static Objective of(
            String objective,
            String target,
            double share,
            long windowMinutes,
            String source,
            @Nullable String since,
            Window.@Nullable Counted counted) {
        if (counted == null || counted.total() == 0) {
            return new Objective(objective, target, share, windowMinutes, source, since, null, null, null, null, null);
        }
        double measured = (double) counted.good() / counted.total();
        return new Objective(
                objective,
                target,
                share,
                windowMinutes,
                source,
                since,
                counted.good(),
                counted.total(),
                measured,
                measured >= share,
                share < 1 ? 1 - (1 - measured) / (1 - share) : null);
    }
}
