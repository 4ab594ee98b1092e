package dev.keyproof.broker.api;

import dev.keyproof.broker.problem.ProblemJson;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code Prefer: explanation} (RFC 7240): a caller that policy refuses asks to be told why. */
final class Preference {
    static final String EXPLANATION = "explanation";
    static final String APPLIED = "Preference-Applied";

    private static final String PREFER = "Prefer";
    private static final String REFUSED = "RefusedByPolicy";
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");
    private static final int LONGEST = 128;

    private Preference() {}

    /** Whether the request has it, beside other preferences that this broker does not know. */
    static boolean explanation(HttpServletRequest request) {
        return request.getHeader(PREFER) != null
                && Collections.list(request.getHeaders(PREFER)).stream()
                        .filter(header -> header.length() <= LONGEST)
                        .map(header -> QUOTED.matcher(header).replaceAll("quoted"))
                        .flatMap(header -> Stream.of(header.split(",", -1)))
                        .map(preference -> preference.split(";", 2)[0].strip())
                        .anyMatch(EXPLANATION::equalsIgnoreCase);
    }

    /** Each operation of a known caller takes it, and its refusal says whether it was heard. */
    static void describe(OpenAPI api) {
        api.getComponents()
                .addParameters(
                        PREFER,
                        new HeaderParameter()
                                .name(PREFER)
                                .description(
                                        "With 'explanation', a refusal by policy says why, as far as this caller may know;"
                                                + " policy bounds how often (throttle.explanations)")
                                .schema(new StringSchema()))
                .addResponses(
                        REFUSED,
                        new ApiResponse()
                                .description("Policy does not allow this")
                                .addHeaderObject(
                                        APPLIED,
                                        new Header()
                                                .description("'explanation' where the problem has one")
                                                .schema(new StringSchema()))
                                .content(new Content()
                                        .addMediaType(
                                                ProblemJson.MEDIA_TYPE,
                                                new MediaType()
                                                        .schema(new Schema<>()
                                                                .$ref("#/components/schemas/"
                                                                        + ProblemJson.class.getSimpleName())))));
        api.getPaths().entrySet().stream()
                .filter(path -> path.getKey().startsWith("/v1/"))
                .map(Map.Entry::getValue)
                .map(PathItem::readOperations)
                .flatMap(List::stream)
                .forEach(operation -> {
                    operation.addParametersItem(new Parameter().$ref("#/components/parameters/" + PREFER));
                    operation
                            .getResponses()
                            .addApiResponse("403", new ApiResponse().$ref("#/components/responses/" + REFUSED));
                });
    }
}
