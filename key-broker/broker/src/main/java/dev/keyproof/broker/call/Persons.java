package dev.keyproof.broker.call;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.policy.Derived;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Under which ids one person calls and approves: by token, by certificate, as an approver. Policy's data says so. */
public final class Persons {
    private final Derived<Map<String, String>> byId;

    /**
     * As the data has them, whenever somebody asks.
     *
     * @param persons {@code persons} of policy's parameters: a person's ids by the person's name
     * @throws IllegalArgumentException if an id is two persons'
     */
    public Persons(Supplier<JsonNode> persons) {
        this.byId = Derived.of(persons, Persons::byId);
    }

    /** @throws IllegalArgumentException if an id is two persons' */
    public static void check(JsonNode persons) {
        byId(persons);
    }

    private static Map<String, String> byId(JsonNode persons) {
        Map<String, String> byId = new HashMap<>();
        persons.properties()
                .forEach(person -> person.getValue().forEach(id -> {
                    if (byId.put(id.asText(), person.getKey()) != null) {
                        throw new IllegalArgumentException("'" + id.asText() + "' is two persons'");
                    }
                }));
        return Map.copyOf(byId);
    }

    /** The person's name; the id itself where the data names nobody. */
    public String of(String id) {
        return byId.get().getOrDefault(id, id);
    }

    public boolean same(String one, String other) {
        return of(one).equals(of(other));
    }
}
