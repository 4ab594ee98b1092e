package dev.keyproof.console;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code keyproof.console.*}.
 *
 * @param opensearch address of the indices; with {@code username} the password is read from {@code passwordFile}
 * @param evidence base address of the evidence service
 * @param parts health address of each part to show, by its name
 * @param jwt who issues the tokens that people come with
 * @param roles a caller needs one of these
 */
@ConfigurationProperties(prefix = "keyproof.console", ignoreUnknownFields = false)
public record ConsoleSettings(
        OpenSearch opensearch,
        URI evidence,
        Map<String, URI> parts,
        Jwt jwt,

        @DefaultValue({"auditor", "operator", "administrator", "custodian"})
        List<String> roles) {

    /** Where the indices are. */
    public record OpenSearch(
            URI url, @Nullable String username, @Nullable Path passwordFile) {}

    /** {@code jwks} is a {@code file:} or {@code https:} address of the issuer's key set. */
    public record Jwt(
            URI jwks,
            String issuer,
            @DefaultValue("keyproof") String audience) {}
}
