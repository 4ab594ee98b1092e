package dev.keyproof.broker.ceremony;

import com.github.f4b6a3.ulid.UlidCreator;
import com.nimbusds.jose.jwk.ECKey;
import dev.keyproof.broker.approval.Approver;
import dev.keyproof.broker.approval.Approvers;
import dev.keyproof.pkcs11.GroupRoot;
import dev.keyproof.pkcs11.Token;
import dev.keyproof.pkcs11.TokenException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a root, gives each custodian a share, and puts the root into each token. */
@Command(
        name = "root",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a root from a token's randomness, splits it among custodians, and imports it into each token as keys that nobody can read.",
            "The root is in this process's memory from its making to the end of the ceremony: run it on a machine that nobody else uses, and restart it after."
        },
        footer = {
            "",
            "Example: ./keyproof ceremony root --token one --module /usr/lib/softhsm/libsofthsm2.so --pin-file one.pin \\",
            "           --custodians custodians.json --threshold 2 --out ceremony"
        })
final class MakeRoot implements Callable<Integer> {
    @ArgGroup(exclusive = false, multiplicity = "1..*")
    private List<TokenOption> tokens = new ArrayList<>();

    @Option(
            names = "--custodians",
            required = true,
            paramLabel = "JWKS",
            description = "the custodians' public P-256 keys, kid being the name")
    private Path custodians = Path.of("");

    @Option(
            names = "--threshold",
            required = true,
            paramLabel = "M",
            description = "how many custodians put the root together again")
    private int threshold;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "where the transcript and shares go")
    private Path out = Path.of("");

    private final Clock clock = Clock.systemUTC();

    @Override
    public Integer call() throws CeremonyException, IOException {
        List<Approver> people = List.copyOf(Approvers.read(custodians).all());
        for (Approver person : people) {
            if (!(person.key() instanceof ECKey) || person.passkey() != null) {
                throw new CeremonyException("custodian '" + person.id()
                        + "' needs a key on P-256 that is no passkey, to open the share with");
            }
            if (!person.id().matches("[A-Za-z0-9._@-]{1,64}")) {
                throw new CeremonyException("custodian '" + person.id() + "' has a kid that no file can be named by");
            }
        }
        String id = UlidCreator.getUlid().toString();
        List<Token> open = new ArrayList<>();
        try {
            for (TokenOption token : tokens) {
                open.add(token.open());
            }
            make(id, people, open);
        } finally {
            for (Token token : open) {
                close(token);
            }
        }
        return 0;
    }

    private void make(String id, List<Approver> people, List<Token> open) throws CeremonyException, IOException {
        Output output = Output.in(out);
        try (GroupRoot root = GroupRoot.random(open.getFirst())) {
            byte[] secret = root.secret();
            List<Share> shares = Shares.split(id, secret, threshold, people, new SecureRandom());
            Arrays.fill(secret, (byte) 0);
            Transcript transcript = new Transcript(
                    id,
                    clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
                    HexFormat.of().formatHex(root.commitment()),
                    threshold,
                    held(shares, people),
                    tokens.stream().map(TokenOption::label).toList(),
                    "token " + tokens.getFirst().label());
            // Before any token has the root: what cannot be put together again must not come into use.
            prove(transcript, shares);
            for (int i = 0; i < shares.size(); i++) {
                Path file = output.write(
                        "share-" + (i + 1) + "-" + people.get(i).id() + ".jwe",
                        Envelope.close(shares.get(i), people.get(i)));
                System.out.println("share " + (i + 1) + " of " + people.get(i).id() + ": " + file);
                Arrays.fill(shares.get(i).value(), (byte) 0);
            }
            // Before any token has the root: without it the shares cannot be put together.
            Path pending = output.write(id + ".json.pending", transcript.bytes());
            for (int i = 0; i < open.size(); i++) {
                root.importInto(open.get(i));
                System.out.println("token " + tokens.get(i).label() + " has the root");
            }
            System.out.println(
                    "transcript: " + Files.move(pending, out.resolve(id + ".json"), StandardCopyOption.ATOMIC_MOVE));
        } catch (TokenException e) {
            throw new CeremonyException(
                    e.getMessage() + " A token that has this root already must be initialised anew.", e);
        }
    }

    private static List<Transcript.Held> held(List<Share> shares, List<Approver> people) {
        List<Transcript.Held> held = new ArrayList<>();
        for (int i = 0; i < shares.size(); i++) {
            Share share = shares.get(i);
            held.add(new Transcript.Held(
                    share.number(), share.custodian(), people.get(i).thumbprint(), share.digest()));
        }
        return held;
    }

    private static void prove(Transcript transcript, List<Share> shares) throws CeremonyException {
        byte[] secret =
                Shares.combine(transcript, shares.subList(shares.size() - transcript.threshold(), shares.size()));
        try (GroupRoot again = GroupRoot.of(secret)) {
            JoinToken.requireCommitted(transcript, again);
        }
    }

    static void close(Token token) {
        try {
            token.close();
        } catch (TokenException e) {
            System.err.println("ceremony: a token did not close: " + e.getMessage());
        }
    }
}
