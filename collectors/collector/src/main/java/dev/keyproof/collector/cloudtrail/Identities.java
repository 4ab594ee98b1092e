package dev.keyproof.collector.cloudtrail;

import static dev.keyproof.collector.cloudtrail.CloudTrailMapping.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.event.Actor;
import dev.keyproof.event.Endpoint;
import dev.keyproof.event.Session;
import dev.keyproof.event.User;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who called and from where, out of {@code userIdentity}, {@code sourceIPAddress} and {@code vpcEndpointId}. */
final class Identities {
    private static final Pattern IPV4_OR_6 = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private Identities() {}

    static Actor actor(JsonNode identity) {
        Optional<String> invokedBy = text(identity, "invokedBy");
        Optional<String> type = text(identity, "type");
        User user = user(identity, type.orElse(null));
        if (user == null) {
            return Actor.service(invokedBy.or(() -> type).orElse("unknown"));
        }
        return new Actor(user, session(identity), invokedBy.orElse(null), null);
    }

    /** Null for AWS itself: a service event names an account but no user, and the account is the owner's, not the actor's. */
    private static @Nullable User user(JsonNode identity, @Nullable String type) {
        Optional<String> id = text(identity, "arn").or(() -> text(identity.path("onBehalfOf"), "userId"));
        Optional<String> principal = text(identity, "principalId");
        Optional<String> account = text(identity, "accountId");
        boolean service = type == null || type.equals("AWSService");
        if (id.isEmpty() && principal.isEmpty() && (service || account.isEmpty())) {
            return null;
        }
        // Where AWS gives no ARN, as for callers of another account, the principal is the only name there is.
        Optional<String> uid = id.or(() -> principal);
        return new User(
                uid.orElse(null),
                id.isPresent() ? principal.orElse(null) : null,
                text(identity, "userName").orElse(null),
                type,
                typeId(type),
                text(identity, "accessKeyId")
                        .or(() -> text(identity, "credentialId"))
                        .orElse(null),
                null,
                account.map(User.Account::new).orElse(null));
    }

    private static int typeId(@Nullable String type) {
        return switch (type == null ? "Unknown" : type) {
            case "Unknown" -> 0;
            case "IAMUser", "IdentityCenterUser", "SAMLUser", "WebIdentityUser" -> 1;
            case "Root" -> 2;
            case "AWSService" -> 3;
            default -> 99;
        };
    }

    private static @Nullable Session session(JsonNode identity) {
        JsonNode context = identity.path("sessionContext");
        if (!context.isObject()) {
            return null;
        }
        JsonNode attributes = context.path("attributes");
        return new Session(
                null,
                text(context, "sourceIdentity").orElse(null),
                text(context.path("sessionIssuer"), "arn").orElse(null),
                text(attributes, "mfaAuthenticated").map(Boolean::valueOf).orElse(null),
                text(attributes, "creationDate").flatMap(Identities::millis).orElse(null),
                null);
    }

    private static Optional<Long> millis(String time) {
        try {
            return Optional.of(Instant.parse(time).toEpochMilli());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** An address where it is one; else the service that AWS names in its place. The end point of a VPC is never lost. */
    static Endpoint endpoint(JsonNode record) {
        Optional<String> from = text(record, "sourceIPAddress");
        String vpcEndpoint = text(record, "vpcEndpointId").orElse(null);
        if (from.filter(Identities::isAddress).isPresent()) {
            return new Endpoint(from.get(), null, null, null, vpcEndpoint);
        }
        return new Endpoint(null, null, from.orElse("unknown"), null, vpcEndpoint);
    }

    private static boolean isAddress(String text) {
        // A bare number is an address to Java.
        boolean looksLikeOne = text.length() <= 40 && IPV4_OR_6.matcher(text).matches();
        try {
            return looksLikeOne && InetAddress.ofLiteral(text).getAddress().length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
