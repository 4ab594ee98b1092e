package dev.keyproof.broker.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.util.List;

/** A problem as RFC 9457 writes it; {@code reasons} are policy's codes, {@code explanation} what the caller may know of them, each or absent. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ProblemJson(
        URI type, String title, int status, String detail, List<String> reasons, List<Told> explanation) {
    /** The media type of a problem. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final ObjectMapper JSON = new ObjectMapper();

    public static ProblemJson of(ProblemException e) {
        Problem problem = e.problem();
        return new ProblemJson(
                problem.type(), problem.title(), problem.status(), e.detail(), e.reasons(), e.explanation());
    }

    public byte[] bytes() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of texts is always JSON", e);
        }
    }
}
