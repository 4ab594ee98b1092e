package dev.keyproof.broker.decision;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a call asks for, as far as policy may read it. Nothing in it is secret.
 *
 * @param batch number of items
 * @param contextNames names of the context's entries, never their values
 * @param approvals the verified approvals of this call
 * @param elevation the elevation that the call is about
 * @param change what was found of the change that the call names, once it was looked up
 */
public record Ask(
        int batch,
        Collection<String> contextNames,
        @Nullable String algorithm,
        @Nullable String purpose,
        @Nullable JsonNode parameters,
        @Nullable JsonNode approvals,
        @Nullable JsonNode elevation,
        @Nullable JsonNode change) {
    /** A call without parameters. */
    public static final Ask PLAIN = new Ask(1, List.of(), null, null, null, null, null, null);

    public static Ask items(int count, Collection<String> contextNames) {
        return new Ask(count, contextNames, null, null, null, null, null, null);
    }

    public static Ask parameters(JsonNode parameters) {
        return new Ask(1, List.of(), null, null, parameters, null, null, null);
    }

    /** The same items with what else policy reads of them. */
    public Ask asking(JsonNode more) {
        return new Ask(batch, contextNames, algorithm, purpose, more, approvals, elevation, change);
    }

    public Ask with(@Nullable JsonNode verifiedApprovals) {
        return new Ask(batch, contextNames, algorithm, purpose, parameters, verifiedApprovals, elevation, change);
    }

    public Ask under(JsonNode foundChange) {
        return new Ask(batch, contextNames, algorithm, purpose, parameters, approvals, elevation, foundChange);
    }

    /** The same about an elevation. */
    public Ask about(JsonNode subject) {
        return new Ask(batch, contextNames, algorithm, purpose, parameters, approvals, subject, change);
    }
}
