package dev.keyproof.broker.decision;

import dev.keyproof.broker.config.ConfigurationFault;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Autonomous systems by the prefixes they announce: a table of {@code PREFIX ASN} lines, read again when its file changes. The
 * longest prefix counts. Thread-safe.
 */
public final class Networks {
    private static final Logger LOG = LoggerFactory.getLogger(Networks.class);

    /** How often the file is looked at. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int REMEMBERED = 10_000;

    private final @Nullable Path file;
    private volatile Table table;
    private volatile long looked = System.nanoTime();

    /**
     * Reads the table.
     *
     * @param file the table, or none
     * @throws ConfigurationFault if it cannot be read
     */
    public Networks(@Nullable Path file) {
        this.file = file;
        try {
            this.table = file == null ? new Table(FileTime.fromMillis(0), Map.of(), new TreeSet<>()) : Table.read(file);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationFault("keyproof.networks: " + e.getMessage(), e);
        }
    }

    /** The number of the autonomous system that an address is in, if the table tells. */
    @Nullable Long system(String address) {
        if (file == null) {
            return null;
        }
        long now = System.nanoTime();
        if (now - looked > LOOK_NANOS) {
            looked = now;
            look(file);
        }
        return table.system(address);
    }

    private void look(Path place) {
        try {
            FileTime changed = Files.getLastModifiedTime(place);
            if (!changed.equals(table.changed())) {
                table = Table.read(place);
            }
        } catch (IOException | IllegalArgumentException e) {
            // What was read before is still the best that is known.
            LOG.warn("event=networks-not-read reason=\"{}\"", e.getMessage());
        }
    }

    /** Its systems by prefix, and which lengths of prefixes there are, the longest first. */
    private record Table(
            FileTime changed,
            Map<Prefix, Long> systems,
            NavigableSet<Integer> lengths,
            ConcurrentMap<String, Optional<Long>> found) {
        Table(FileTime changed, Map<Prefix, Long> systems, NavigableSet<Integer> lengths) {
            this(changed, systems, lengths, new ConcurrentHashMap<>());
        }

        @Nullable Long system(String address) {
            Optional<Long> known = found.get(address);
            if (known == null) {
                known = Optional.ofNullable(search(address));
                if (found.size() >= REMEMBERED) {
                    found.clear();
                }
                found.put(address, known);
            }
            return known.orElse(null);
        }

        private @Nullable Long search(String address) {
            try {
                return find(InetAddress.ofLiteral(address).getAddress());
            } catch (IllegalArgumentException e) {
                return null;
            }
        }

        private @Nullable Long find(byte[] address) {
            for (int length : lengths) {
                Long system = length > address.length * 8 ? null : systems.get(Prefix.of(address, length));
                if (system != null) {
                    return system;
                }
            }
            return null;
        }

        static Table read(Path file) throws IOException {
            FileTime changed = Files.getLastModifiedTime(file);
            Map<Prefix, Long> systems = new HashMap<>();
            NavigableSet<Integer> lengths = new TreeSet<Integer>().descendingSet();
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                String text = line.strip();
                if (text.isEmpty() || text.startsWith("#")) {
                    continue;
                }
                try {
                    String[] parts = text.split("[/\\s]+", -1);
                    byte[] address = InetAddress.ofLiteral(parts[0]).getAddress();
                    int length = Integer.parseInt(parts[1]);
                    long system = Long.parseUnsignedLong(parts[2]);
                    if (parts.length != 3 || length < 0 || length > address.length * 8 || system > 0xFFFF_FFFFL) {
                        throw new IllegalArgumentException("out of bounds");
                    }
                    systems.put(Prefix.of(address, length), system);
                    lengths.add(length);
                } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                    throw new IllegalArgumentException(
                            file + ", line " + number + ": is not PREFIX ASN, such as 192.0.2.0/24 64500", e);
                }
            }
            return new Table(changed, systems, lengths);
        }
    }

    private record Prefix(int family, int length, BigInteger bits) {
        static Prefix of(byte[] address, int length) {
            return new Prefix(
                    address.length, length, new BigInteger(1, address).shiftRight(address.length * 8 - length));
        }
    }
}
