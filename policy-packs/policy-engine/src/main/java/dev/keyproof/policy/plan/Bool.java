package dev.keyproof.policy.plan;

/** True or false. */
enum Bool implements Value {
    FALSE,
    TRUE;

    static Bool of(boolean value) {
        return value ? TRUE : FALSE;
    }

    @Override
    public int rank() {
        return 1;
    }

    @Override
    public String type() {
        return "boolean";
    }

    @Override
    public int compareToSame(Value other) {
        return Boolean.compare(this == TRUE, other == TRUE);
    }
}
