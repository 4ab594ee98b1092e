package dev.keyproof.policy.plan;

/** JSON's null. */
enum Nil implements Value {
    NULL;

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public String type() {
        return "null";
    }

    @Override
    public int compareToSame(Value other) {
        return 0;
    }
}
