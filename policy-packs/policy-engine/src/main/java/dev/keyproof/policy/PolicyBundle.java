package dev.keyproof.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A policy bundle as {@code opa build -t plan} makes it: the plan, its data, and the Rego source it was made from. Its name is the digest
 * of its bytes.
 */
public final class PolicyBundle {
    /** Where the packs stand on the class path. */
    public static final String RESOURCE = "keyproof/policy/bundle.tar.gz";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final byte[] bytes;
    private final JsonNode data;
    private final JsonNode plan;
    private final String digest;

    private PolicyBundle(byte[] bytes, JsonNode data, JsonNode plan) {
        this.bytes = bytes;
        this.data = data;
        this.plan = plan;
        this.digest = Digests.of(bytes);
    }

    /** @throws PolicyException when the file cannot be read or is not a whole bundle */
    public static PolicyBundle read(Path file) throws PolicyException {
        try {
            return of(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw new PolicyException("policy bundle " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Reads to the end; does not close. @throws PolicyException when it cannot be read or is not a whole bundle */
    public static PolicyBundle read(InputStream in) throws PolicyException {
        try {
            return of(in.readAllBytes(), "from a stream");
        } catch (IOException e) {
            throw new PolicyException("policy bundle cannot be read: " + e.getMessage(), e);
        }
    }

    /** The bundle of these bytes. @throws PolicyException when they are not a whole bundle */
    public static PolicyBundle of(byte[] bytes) throws PolicyException {
        return of(bytes.clone(), "in memory");
    }

    /** The packs on the class path. @throws PolicyException when there are none */
    public static PolicyBundle builtIn() throws PolicyException {
        try (InputStream in = PolicyBundle.class.getClassLoader().getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new PolicyException("no policy bundle on the class path (" + RESOURCE + "): add the packs jar");
            }
            return read(in);
        } catch (IOException e) {
            throw new PolicyException("policy bundle " + RESOURCE + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static PolicyBundle of(byte[] bytes, String place) throws PolicyException {
        try {
            Map<String, byte[]> files = TarReader.files(bytes);
            JsonNode data = JSON.readTree(required(files, "data.json", place));
            required(files, ".manifest", place);
            return new PolicyBundle(bytes, data, JSON.readTree(required(files, "plan.json", place)));
        } catch (IOException e) {
            throw new PolicyException("policy bundle " + place + " is damaged: " + e.getMessage(), e);
        }
    }

    private static byte[] required(Map<String, byte[]> files, String name, String place) throws PolicyException {
        byte @Nullable [] content = files.get(name);
        if (content == null) {
            throw new PolicyException("policy bundle " + place + " has no " + name + ": build it with -t plan");
        }
        return content;
    }

    /** {@code sha256:} and the hex digest of the bundle's bytes. */
    public String digest() {
        return digest;
    }

    /** The bundle itself, as it is archived and carried to where it is opened again. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The data in the bundle: parameters, frameworks and the schemas that bound them. */
    public JsonNode data() {
        return data.deepCopy();
    }

    /** Whether that bundle has the same files, signatures aside. */
    public boolean holdsTheFilesOf(PolicyBundle other) throws PolicyException {
        try {
            Map<String, byte[]> own = TarReader.files(bytes);
            Map<String, byte[]> others = TarReader.files(other.bytes);
            own.remove(BundleSignature.FILE);
            others.remove(BundleSignature.FILE);
            return own.keySet().equals(others.keySet())
                    && own.entrySet().stream()
                            .allMatch(file -> Arrays.equals(file.getValue(), others.get(file.getKey())));
        } catch (IOException e) {
            throw new PolicyException("policy bundle is damaged: " + e.getMessage(), e);
        }
    }

    /** What runs: the policy as OPA's intermediate representation. */
    JsonNode plan() {
        return plan;
    }
}
