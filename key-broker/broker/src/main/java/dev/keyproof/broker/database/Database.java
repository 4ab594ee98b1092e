package dev.keyproof.broker.database;

import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Every store asks through here. */
public final class Database {
    private Database() {}

    /** A question to the database. */
    @FunctionalInterface
    public interface Question<T> {
        T ask() throws ProblemException;
    }

    /**
     * The answer.
     *
     * @throws ProblemException {@link Problem#STATE_UNAVAILABLE} if the database does not answer, or the question's own
     */
    public static <T> T asking(Question<T> question) throws ProblemException {
        try {
            return question.ask();
        } catch (DataAccessException | TransactionException e) {
            throw new ProblemException(Problem.STATE_UNAVAILABLE, "the database does not answer", e);
        }
    }
}
