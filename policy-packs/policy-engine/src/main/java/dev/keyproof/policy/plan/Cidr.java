package dev.keyproof.policy.plan;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A network of RFC 4632 or RFC 4291. An IPv4 address written as IPv6 ({@code ::ffff:1.2.3.4}) is the IPv4 address; the two kinds contain
 * nothing of each other.
 */
final class Cidr {
    private static final Pattern BYTE = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,3}");
    private static final int IPV4 = 4;
    private static final int IPV6 = 16;

    private final BigInteger first;
    private final BigInteger last;
    private final int bytes;

    private Cidr(byte[] address, int length) {
        BigInteger size = BigInteger.ONE.shiftLeft(address.length * Byte.SIZE - length);
        this.first = new BigInteger(1, address).divide(size).multiply(size);
        this.last = first.add(size).subtract(BigInteger.ONE);
        this.bytes = address.length;
    }

    /** Empty where it is none. */
    static Optional<Cidr> of(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !LENGTH.matcher(text.substring(slash + 1)).matches()) {
            return Optional.empty();
        }
        byte @Nullable [] address = written(text.substring(0, slash));
        int length = Integer.parseInt(text.substring(slash + 1));
        if (address == null || length > address.length * Byte.SIZE) {
            return Optional.empty();
        }
        return Optional.of(new Cidr(address, length));
    }

    /** Whether it contains that address or the whole of that network; empty where it is neither. */
    Optional<Boolean> contains(String other) {
        byte @Nullable [] address = written(other);
        if (address != null) {
            byte[] plain = plain(address);
            return Optional.of(contains(new Cidr(plain, plain.length * Byte.SIZE)));
        }
        return of(other).map(this::contains);
    }

    private boolean contains(Cidr other) {
        return bytes == other.bytes && first.compareTo(other.first) <= 0 && last.compareTo(other.last) >= 0;
    }

    private static byte @Nullable [] written(String text) {
        return text.indexOf(':') >= 0 ? ipv6(text) : ipv4(text);
    }

    /** Of an IPv4 address within IPv6 the former. */
    private static byte[] plain(byte[] address) {
        if (address.length != IPV6) {
            return address;
        }
        for (int i = 0; i < IPV6 - IPV4; i++) {
            if (address[i] != (i < 10 ? 0 : -1)) {
                return address;
            }
        }
        return Arrays.copyOfRange(address, IPV6 - IPV4, IPV6);
    }

    private static byte @Nullable [] ipv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != IPV4) {
            return null;
        }
        byte[] address = new byte[IPV4];
        for (int i = 0; i < IPV4; i++) {
            if (!BYTE.matcher(parts[i]).matches() || Integer.parseInt(parts[i]) > 255) {
                return null;
            }
            address[i] = (byte) Integer.parseInt(parts[i]);
        }
        return address;
    }

    private static byte @Nullable [] ipv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            List<Byte> all = groups(text, true);
            return all == null || all.size() != IPV6 ? null : filled(all, List.of());
        }
        List<Byte> before = groups(text.substring(0, gap), false);
        List<Byte> after = groups(text.substring(gap + 2), true);
        return before == null || after == null || before.size() + after.size() > IPV6 - 2
                ? null
                : filled(before, after);
    }

    private static byte[] filled(List<Byte> before, List<Byte> after) {
        byte[] address = new byte[IPV6];
        for (int i = 0; i < before.size(); i++) {
            address[i] = before.get(i);
        }
        for (int i = 0; i < after.size(); i++) {
            address[IPV6 - after.size() + i] = after.get(i);
        }
        return address;
    }

    /** Two bytes a group; the last may be an IPv4 address where the address ends with it. Null where one is none. */
    private static @Nullable List<Byte> groups(String text, boolean ends) {
        List<Byte> bytes = new ArrayList<>();
        if (text.isEmpty()) {
            return bytes;
        }
        String[] groups = text.split(":", -1);
        for (int i = 0; i < groups.length; i++) {
            byte @Nullable [] four = ends && i == groups.length - 1 ? ipv4(groups[i]) : null;
            if (four != null) {
                for (byte one : four) {
                    bytes.add(one);
                }
            } else if (GROUP.matcher(groups[i]).matches()) {
                int group = Integer.parseInt(groups[i], 16);
                bytes.add((byte) (group >> Byte.SIZE));
                bytes.add((byte) group);
            } else {
                return null;
            }
        }
        return bytes;
    }
}
