package dev.keyproof.broker.operation;

import dev.keyproof.broker.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** What became of one item: a result or a problem. */
public record BatchResult(@Nullable Result result, @Nullable ProblemException problem) {}
