package dev.keyproof.broker.api;

import dev.keyproof.broker.key.EntityTag;
import dev.keyproof.broker.key.KeyDocument;
import dev.keyproof.broker.operation.Answer;
import dev.keyproof.broker.operation.BatchResult;
import dev.keyproof.broker.operation.Reads;
import dev.keyproof.broker.operation.Result;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.problem.ProblemJson;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;

/** Answers as HTTP carries them: the place of their record in a header. */
final class Answers {
    /** {@code SOURCE/EPOCH/SEQUENCE} of the answer's record in the journal. */
    static final String RECORD = "Keyproof-Record";

    private Answers() {}

    /** What became of one item: {@code result} or {@code problem}. */
    record ItemAnswer(@Nullable Result result, @Nullable ProblemJson problem) {}

    /** The items of a batch, in the order asked. */
    record BatchAnswer(List<ItemAnswer> items) {}

    static <T, R> ResponseEntity<R> of(Answer<T> answer, Function<T, R> shape) {
        return of(200, answer, shape);
    }

    static <T, R> ResponseEntity<R> of(int status, Answer<T> answer, Function<T, R> shape) {
        R body = shape.apply(answer.value());
        ResponseEntity.BodyBuilder response =
                ResponseEntity.status(HttpStatusCode.valueOf(status)).header(RECORD, answer.position());
        switch (body) {
            case KeyDocument key -> response.eTag(EntityTag.of(key.revision()));
            case Reads.KeyWithVersions key ->
                response.eTag(EntityTag.of(key.key().revision()));
            default -> {}
        }
        return response.body(body);
    }

    /** The result itself for a single call, all of them for a batch. */
    static ResponseEntity<Object> of(Answer<List<BatchResult>> answer, boolean batch) {
        return of(answer, results -> {
            Result single = results.getFirst().result();
            if (!batch && single != null) {
                return single;
            }
            return new BatchAnswer(results.stream()
                    .map(item -> new ItemAnswer(item.result(), json(item.problem())))
                    .toList());
        });
    }

    private static @Nullable ProblemJson json(@Nullable ProblemException problem) {
        return problem == null ? null : ProblemJson.of(problem);
    }
}
