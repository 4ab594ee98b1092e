package dev.keyproof.evidence.pack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * {@code verify.html}: one page that checks the pack it came with, in a browser and without a network. Its scripts lie beside
 * this class as they are, in the order in which they need each other; they are joined and not minified, for an auditor is to
 * read them. The page's policy lets exactly these scripts and this style in, by digest, and nothing be loaded.
 */
final class VerifyPage {
    static final String NAME = "verify.html";

    private static final List<String> SCRIPTS =
            List.of("1-bytes.js", "2-zip.js", "3-keys.js", "4-log.js", "5-check.js", "6-view.js");

    private VerifyPage() {}

    /** The page; always the same bytes. */
    static byte[] bytes() throws IOException {
        StringBuilder script = new StringBuilder("\n");
        for (String name : SCRIPTS) {
            script.append(text(name));
        }
        String style = "\n" + text("page.css");
        String policy = "default-src 'none'; script-src " + source(script.toString()) + "; style-src " + source(style)
                + "; base-uri 'none'; form-action 'none'";
        return text("page.html")
                .replace("{{policy}}", policy)
                .replace("{{style}}", style)
                .replace("{{script}}", script)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String source(String inline) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(inline.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java without SHA-256", e);
        }
    }

    private static String text(String name) throws IOException {
        try (InputStream in = VerifyPage.class.getResourceAsStream("verify-page/" + name)) {
            if (in == null) {
                throw new IOException("the page's " + name + " is not in this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
