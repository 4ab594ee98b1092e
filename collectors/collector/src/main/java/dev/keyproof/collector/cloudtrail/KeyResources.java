package dev.keyproof.collector.cloudtrail;

import static dev.keyproof.collector.cloudtrail.CloudTrailMapping.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.event.Resource;
import dev.keyproof.event.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keys that a record concerns. They stand in {@code resources}; most Decrypts name no key anywhere else. */
final class KeyResources {
    private static final String KEY = "AWS::KMS::Key";

    /** OCSF's roles of a resource. */
    private static final int TARGET = 1;

    private static final int RELATED = 4;

    private KeyResources() {}

    /** The keys, the one that is acted on first; null if the record names none. */
    static @Nullable List<Resource> of(JsonNode record, String eventName) {
        List<Resource> keys = new ArrayList<>();
        int place = 0;
        for (JsonNode resource : record.path("resources")) {
            // ReEncrypt lists the key it reads with before the key it writes with.
            boolean source = eventName.equals("ReEncrypt")
                    && place == 0
                    && record.path("resources").size() > 1;
            text(resource, "ARN").ifPresent(arn -> keys.add(resource(resource, arn, source ? RELATED : TARGET)));
            place++;
        }
        if (keys.isEmpty()) {
            named(record).ifPresent(id -> keys.add(new Resource(id, null, KEY, null, TARGET, null, null)));
        }
        return keys.isEmpty() ? null : List.copyOf(keys);
    }

    private static Resource resource(JsonNode resource, String arn, int role) {
        String type = text(resource, "type").orElseGet(() -> arn.contains(":key/") ? KEY : null);
        Resource.Owner owner = text(resource, "accountId")
                .map(account -> new Resource.Owner(new User.Account(account)))
                .orElse(null);
        return new Resource(arn, null, type, null, role, owner, null);
    }

    /** The key as the request named it: id, alias or ARN, where AWS resolved none because it refused. */
    private static Optional<String> named(JsonNode record) {
        return Stream.of("requestParameters", "serviceEventDetails", "responseElements")
                .flatMap(member -> text(record.path(member), "keyId").stream())
                .findFirst();
    }
}
