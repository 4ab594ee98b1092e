package dev.keyproof.broker.ceremony;

import dev.keyproof.pkcs11.GroupRoot;
import dev.keyproof.pkcs11.Token;
import dev.keyproof.pkcs11.TokenException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Puts a root that was made before into one more token. */
@Command(
        name = "join",
        mixinStandardHelpOptions = true,
        description = "Puts the root together from custodians' shares and imports it into an empty token.",
        footer = {
            "",
            "Example: ./keyproof ceremony join --token two --module /usr/lib/softhsm/libsofthsm2.so --pin-file two.pin \\",
            "           --transcript ceremony/01K....json --share opened/share-1.json --share opened/share-3.json"
        })
final class JoinToken implements Callable<Integer> {
    @ArgGroup(exclusive = false, multiplicity = "1")
    private TokenOption token = new TokenOption();

    @Mixin
    private SharesOption shares = new SharesOption();

    @Override
    public Integer call() throws CeremonyException {
        // The token first: the root is in memory no longer than it takes.
        Token open = token.open();
        try (GroupRoot root = shares.root()) {
            root.importInto(open);
            System.out.println("token " + token.label() + " has the root");
            return 0;
        } catch (TokenException e) {
            throw new CeremonyException("token " + token.label() + ": " + e.getMessage(), e);
        } finally {
            MakeRoot.close(open);
        }
    }

    static void requireCommitted(Transcript transcript, GroupRoot root) throws CeremonyException {
        if (!MessageDigest.isEqual(HexFormat.of().parseHex(transcript.commitment()), root.commitment())) {
            throw new CeremonyException("what the shares give is not the root of ceremony " + transcript.id());
        }
    }
}
