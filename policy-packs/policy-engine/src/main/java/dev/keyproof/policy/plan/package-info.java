/**
 * Runs a policy's plan, OPA's intermediate representation of Rego as {@code opa build -t plan} writes it. What Rego means was decided by
 * {@code opa} when it made the plan; what a plan means is decided here, and held against {@code opa eval} by tests.
 */
@org.jspecify.annotations.NullMarked
package dev.keyproof.policy.plan;
