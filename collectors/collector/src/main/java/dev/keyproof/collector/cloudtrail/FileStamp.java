package dev.keyproof.collector.cloudtrail;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The time in a CloudTrail file's name, {@code ACCOUNT_CloudTrail_REGION_20261102T1005Z_RANDOM.json.gz}. */
final class FileStamp {
    private static final Pattern STAMP = Pattern.compile("_(\\d{8}T\\d{4})Z_");
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmm");

    private FileStamp() {}

    /** Milliseconds since the epoch, null if the name has no stamp. */
    static @Nullable Long millis(String fileName) {
        Matcher matcher = STAMP.matcher(fileName);
        if (!matcher.find()) {
            return null;
        }
        try {
            return LocalDateTime.parse(matcher.group(1), FORMAT)
                    .toInstant(ZoneOffset.UTC)
                    .toEpochMilli();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
