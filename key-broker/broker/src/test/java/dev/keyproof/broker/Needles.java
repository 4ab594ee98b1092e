package dev.keyproof.broker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Secrets that are looked for in the forms in which programs hold them: raw, hexadecimal, Base64; in bytes or in chars. */
final class Needles {
    /** So much of a secret is enough. */
    private static final int PART = 16;

    private record Needle(String name, byte[] bytes) {}

    /** By their first two bytes, so that most places are passed by. */
    private final List<List<Needle>> byStart = new ArrayList<>();

    Needles() {
        for (int i = 0; i < 1 << 16; i++) {
            byStart.add(List.of());
        }
    }

    /** Each half of it, so that it does not matter where a buffer ended. */
    void bytes(String name, byte[] secret) {
        // A multiple of three bytes is the same Base64 whatever follows.
        int half = secret.length / 6 * 3;
        for (byte[] part : List.of(Arrays.copyOf(secret, half), Arrays.copyOfRange(secret, half, 2 * half))) {
            add(name, part);
            for (String text : List.of(
                    HexFormat.of().formatHex(part),
                    HexFormat.of().withUpperCase().formatHex(part),
                    Base64.getEncoder().encodeToString(part),
                    Base64.getUrlEncoder().encodeToString(part))) {
                text(name, text);
            }
        }
    }

    /** As bytes, and as the chars of a dump, whose numbers are big-endian. */
    void text(String name, String secret) {
        String part = secret.substring(secret.length() - Math.min(secret.length(), PART));
        add(name, part.getBytes(StandardCharsets.US_ASCII));
        add(name, part.getBytes(StandardCharsets.UTF_16BE));
    }

    private void add(String name, byte[] bytes) {
        Needle needle = new Needle(name, bytes);
        int start = start(bytes[0], bytes[1]);
        List<Needle> same = new ArrayList<>(byStart.get(start));
        same.add(needle);
        byStart.set(start, same);
    }

    private static int start(byte first, byte second) {
        return (first & 0xff) << 8 | (second & 0xff);
    }

    /** Names of those that stand in a file; a file that is gone by now holds none. */
    Set<String> in(Path file) throws IOException {
        Set<String> found = new TreeSet<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < 2) {
                return found;
            }
            byte[] bytes = new byte[Math.toIntExact(channel.size())];
            channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes.length).get(bytes);
            for (int i = 0; i + 1 < bytes.length; i++) {
                for (Needle needle : byStart.get(start(bytes[i], bytes[i + 1]))) {
                    int end = i + needle.bytes().length;
                    if (end <= bytes.length && Arrays.equals(bytes, i, end, needle.bytes(), 0, needle.bytes().length)) {
                        found.add(needle.name());
                    }
                }
            }
        } catch (NoSuchFileException e) {
            return found;
        }
        return found;
    }
}
