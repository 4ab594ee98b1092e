package dev.keyproof.policy.plan;

import org.jspecify.annotations.Nullable;

/** A function that Rego brings along. It has no state: the same arguments give the same answer. */
interface Builtin {
    /** Null where the answer is undefined, as it is for arguments of the wrong type. */
    @Nullable Value call(Value[] arguments);
}
