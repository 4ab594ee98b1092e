package dev.keyproof.broker.call;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;

/** Under which ids one person calls and approves: by token, by certificate, as an approver. Policy's data says so. */
public final class Persons {
    private final Map<String, String> byId;

    private Persons(Map<String, String> byId) {
        this.byId = byId;
    }

    /**
     * As the data has them.
     *
     * @param persons {@code persons} of policy's parameters: a person's ids by the person's name
     * @throws IllegalArgumentException if an id is two persons'
     */
    public static Persons of(JsonNode persons) {
        Map<String, String> byId = new HashMap<>();
        persons.properties()
                .forEach(person -> person.getValue().forEach(id -> {
                    if (byId.put(id.asText(), person.getKey()) != null) {
                        throw new IllegalArgumentException("'" + id.asText() + "' is two persons'");
                    }
                }));
        return new Persons(Map.copyOf(byId));
    }

    /** The person's name; the id itself where the data names nobody. */
    public String of(String id) {
        return byId.getOrDefault(id, id);
    }

    public boolean same(String one, String other) {
        return of(one).equals(of(other));
    }
}
