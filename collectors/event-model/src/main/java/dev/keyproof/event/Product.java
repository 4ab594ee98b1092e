package dev.keyproof.event;

/** The product that reports an event. */
public record Product(String name, String vendorName) {
    /** Keyproof itself, by the part that speaks, for example {@code broker}. */
    public static Product keyproof(String part) {
        return new Product("Keyproof " + part, "Keyproof");
    }
}
