package dev.keyproof.review.install;

import dev.keyproof.policy.BundleSigner;
import dev.keyproof.policy.BundleTrust;
import dev.keyproof.policy.EffectivePolicy;
import dev.keyproof.policy.Overlay;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folder {@code policy/} of an installation: {@code overlays/*.json} say what it has otherwise than the packs, {@code bundle.tar.gz} is
 * what every part loads, {@code signing-key.pub.pem} the key by which they verify it. The signing key lies beside it unless it is kept
 * elsewhere; then whoever has it installs what changed.
 */
public final class PolicyFolder {
    private static final int KEY_BITS = 3072;
    private static final FileAttribute<?> OWNER_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;

    public PolicyFolder(Path folder) {
        this.folder = folder;
    }

    /** What every part loads. */
    public Path bundle() {
        return folder.resolve("bundle.tar.gz");
    }

    /** What every part verifies it by. */
    public Path verificationKey() {
        return folder.resolve("signing-key.pub.pem");
    }

    /** Readable by its owner alone; not there where it is kept elsewhere. */
    public Path signingKey() {
        return folder.resolve("signing-key.pem");
    }

    /** The installation's own values. */
    public Path overlays() {
        return folder.resolve("overlays");
    }

    /**
     * The packs with the overlays of this folder, and of further files.
     *
     * @throws InstallException if they cannot be read, or what comes out is out of the packs' bounds
     */
    public EffectivePolicy effective(Path packs, List<Path> further) throws InstallException {
        try {
            List<Overlay> all = new ArrayList<>(Overlay.folder(overlays()));
            for (Path file : further) {
                all.add(Overlay.read(file));
            }
            return EffectivePolicy.of(PolicyBundle.read(packs), all);
        } catch (PolicyException e) {
            throw new InstallException("the overlays cannot be in force: " + e.getMessage(), e);
        }
    }

    /**
     * Puts the packs with this folder's overlays in place, whole or not at all; where that is installed already, nothing is done.
     *
     * @param key the signing key's file; when absent the one of this folder, which is made for an installation that has none
     * @return digest of the bundle
     * @throws InstallException if it cannot be; what was installed before stays
     */
    public String install(Path packs, @Nullable Path key) throws InstallException {
        try {
            Files.createDirectories(overlays());
            PolicyBundle effective = effective(packs, List.of()).bundle();
            Optional<PolicyBundle> installed = installed();
            if (key == null && installed.isPresent() && installed.get().holdsTheFilesOf(effective)) {
                return installed.get().digest();
            }
            PolicyBundle signed = signer(key).sign(effective);
            replace(bundle(), signed.bytes());
            return signed.digest();
        } catch (IOException | PolicyException e) {
            throw new InstallException("the policy cannot be installed in " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Empty where there is none that a part would take. */
    private Optional<PolicyBundle> installed() {
        try {
            return Optional.of(BundleTrust.of(verificationKey(), null, false).read(bundle()));
        } catch (PolicyException e) {
            return Optional.empty();
        }
    }

    private BundleSigner signer(@Nullable Path key) throws InstallException, IOException, PolicyException {
        Path file = key == null ? signingKey() : key;
        if (key == null && Files.notExists(file)) {
            if (Files.exists(verificationKey())) {
                throw new InstallException("the policy changed, and the key that signs it is not in " + folder
                        + ": run './keyproof policy install --key FILE'");
            }
            make(file);
        }
        BundleSigner signer = BundleSigner.of(Files.readString(file));
        byte[] pinned = signer.verificationKey().getBytes(StandardCharsets.US_ASCII);
        if (Files.notExists(verificationKey())) {
            replace(verificationKey(), pinned);
        } else if (!Files.readString(verificationKey()).equals(signer.verificationKey())) {
            throw new InstallException("the parts hold to another key than that in " + file + ": to change it, remove "
                    + verificationKey() + ", install, and start them anew");
        }
        return signer;
    }

    private static void make(Path file) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(KEY_BITS);
            KeyPair pair = generator.generateKeyPair();
            String pem = "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'})
                            .encodeToString(pair.getPrivate().getEncoded())
                    + "\n-----END PRIVATE KEY-----\n";
            replace(file, pem.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has RSA", e);
        }
    }

    private static void replace(Path file, byte[] content) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(part);
        Files.createFile(part, OWNER_ALONE);
        Files.write(part, content);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
