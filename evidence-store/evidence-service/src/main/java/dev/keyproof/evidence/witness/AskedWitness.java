package dev.keyproof.evidence.witness;

import dev.keyproof.evidence.config.EvidenceConfig;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.ConsistencyProof;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.HashSource;
import dev.keyproof.log.note.SignedHead;
import java.util.List;

/**
 * A witness that is asked of copies of a log, by the way that every head takes (C2SP tlog-witness): it cosigns a copy's head only if the
 * copy's tiles prove that it goes on from what the witness cosigned last. Thread-safe.
 */
public final class AskedWitness implements AutoCloseable {
    private final WitnessClient client;

    public AskedWitness(EvidenceConfig.Witness witness) {
        this.client = new WitnessClient(witness.url(), witness.vkey());
    }

    public String name() {
        return client.name();
    }

    /**
     * Asks of a head.
     *
     * @param tree the one that the head is over
     * @param same so many entries this copy has in common with those that it is compared with: a witness that saw no more cannot tell
     *     them apart, and is not made to take sides by being asked
     */
    public Opinion of(SignedHead head, HashSource tree, long same) throws LogException, InterruptedException {
        // To whoever claims that it saw nothing, a witness that cosigned before answers how far it is.
        WitnessClient.Reply first = client.submit(0, List.of(), head);
        if (first instanceof WitnessClient.Reply.Cosigned) {
            return new Opinion.Silent("it had seen nothing of this log until now");
        }
        if (!(first instanceof WitnessClient.Reply.Knows knows)) {
            return opinion(first);
        }
        if (knows.size() > head.size()) {
            return new Opinion.Knows(knows.size());
        }
        if (knows.size() <= same && same < head.size()) {
            return new Opinion.Silent("it saw " + knows.size() + " entries, which are the same in all copies");
        }
        List<Hash> proof = knows.size() == head.size()
                ? List.of()
                : ConsistencyProof.of(knows.size(), head.size(), tree).path();
        return opinion(client.submit(knows.size(), proof, head));
    }

    private static Opinion opinion(WitnessClient.Reply reply) {
        return switch (reply) {
            case WitnessClient.Reply.Cosigned cosigned -> new Opinion.Agrees();
            case WitnessClient.Reply.Contradiction contradiction -> new Opinion.Contradicts();
            case WitnessClient.Reply.Knows knows -> new Opinion.Knows(knows.size());
            case WitnessClient.Reply.UnknownLog unknown -> new Opinion.Silent("it knows no log of that name");
            case WitnessClient.Reply.Failed failed -> new Opinion.Silent(failed.reason());
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
