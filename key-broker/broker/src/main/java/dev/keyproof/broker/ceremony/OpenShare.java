package dev.keyproof.broker.ceremony;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a custodian does when the root is needed again. */
@Command(
        name = "open-share",
        mixinStandardHelpOptions = true,
        description = "Opens a custodian's share with the custodian's own key, on the custodian's own machine.",
        footer = {"", "Example: ./keyproof ceremony open-share --key alice.jwk --out opened share-1-alice.jwe"})
final class OpenShare implements Callable<Integer> {
    @Option(names = "--key", required = true, paramLabel = "JWK", description = "the custodian's private key")
    private Path key = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "where the opened share goes")
    private Path out = Path.of("");

    @Parameters(paramLabel = "SHARE", description = "the custodian's share-N-NAME.jwe")
    private Path envelope = Path.of("");

    @Override
    public Integer call() throws CeremonyException, IOException {
        Share share = Envelope.open(Files.readString(envelope), key());
        Path file =
                Output.in(out).write("share-" + share.number() + ".json", new ObjectMapper().writeValueAsBytes(share));
        System.out.println("share " + share.number() + " of ceremony " + share.ceremony() + ": " + file);
        return 0;
    }

    private ECKey key() throws CeremonyException, IOException {
        try {
            if (JWK.parse(Files.readString(key)) instanceof ECKey ec && ec.isPrivate()) {
                return ec;
            }
        } catch (ParseException e) {
            throw new CeremonyException(key + " is no JWK", e);
        }
        throw new CeremonyException(key + " is no private EC key");
    }
}
