package dev.keyproof.evidence.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in an S3 server things lie.
 *
 * @param bucket name of the bucket
 * @param prefix what comes before every key: empty, or ends in a slash
 */
public record S3Place(String bucket, String prefix) {
    private static final Pattern FORM =
            Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)/?");

    /**
     * Reads {@code s3://BUCKET} or {@code s3://BUCKET/PREFIX}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static S3Place parse(String url) {
        Matcher matcher = FORM.matcher(url);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not s3://BUCKET or s3://BUCKET/PREFIX: " + url);
        }
        String prefix = matcher.group(2);
        return new S3Place(matcher.group(1), prefix.isEmpty() ? "" : prefix.substring(1) + "/");
    }

    @Override
    public String toString() {
        return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1));
    }
}
