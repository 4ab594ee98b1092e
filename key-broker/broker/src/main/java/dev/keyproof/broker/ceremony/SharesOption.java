package dev.keyproof.broker.ceremony;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.pkcs11.GroupRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The root, from the shares of enough custodians. */
final class SharesOption {
    @Option(names = "--transcript", required = true, paramLabel = "FILE", description = "the ceremony's transcript")
    private Path transcript = Path.of("");

    @Option(
            names = "--share",
            required = true,
            paramLabel = "FILE",
            description = "an opened share (./keyproof ceremony open-share); once for each custodian")
    private List<Path> shares = new ArrayList<>();

    Transcript transcript() throws CeremonyException {
        return Transcript.read(transcript);
    }

    /** The root; to be closed as soon as it can be. */
    GroupRoot root() throws CeremonyException {
        Transcript made = transcript();
        List<Share> read = new ArrayList<>();
        for (Path file : shares) {
            try {
                read.add(new ObjectMapper().readValue(Files.readAllBytes(file), Share.class));
            } catch (IOException e) {
                throw new CeremonyException(file + " is no opened share: " + e.getMessage(), e);
            }
        }
        GroupRoot root = GroupRoot.of(Shares.combine(made, read));
        try {
            JoinToken.requireCommitted(made, root);
            return root;
        } catch (CeremonyException e) {
            root.close();
            throw e;
        }
    }
}
