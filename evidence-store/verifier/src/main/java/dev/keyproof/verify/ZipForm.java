package dev.keyproof.verify;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The one form in which a pack's zip is written: stored entries, fixed date, no flags, no extra fields, no comments, no data
 * descriptors. Every header follows from name, size, CRC-32 and offset alone, so a reader can write it again and compare.
 */
final class ZipForm {
    static final int LOCAL_MAGIC = 0x04034b50;
    static final int CENTRAL_MAGIC = 0x02014b50;
    static final int END_MAGIC = 0x06054b50;
    static final int LOCAL_FIXED = 30;
    static final int CENTRAL_FIXED = 46;
    static final int END_SIZE = 22;

    /** The first day that the format can express. */
    private static final short DATE = 0x0021;

    /** 1.0: stored entries need no more. */
    private static final short VERSION = 10;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");
    private static final int LONGEST_NAME = 200;

    private ZipForm() {}

    /** Relative, forward slashes, nothing hidden, no {@code ..}: safe to extract anywhere. */
    static boolean isName(String name) {
        return name.length() <= LONGEST_NAME && NAME.matcher(name).matches();
    }

    static byte[] localHeader(String name, long size, int crc) {
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        byte[] header = new byte[LOCAL_FIXED + ascii.length];
        ByteBuffer b = little(header);
        b.putInt(LOCAL_MAGIC).putShort(VERSION).putShort((short) 0).putShort((short) 0);
        b.putShort((short) 0).putShort(DATE).putInt(crc).putInt((int) size).putInt((int) size);
        b.putShort((short) ascii.length).putShort((short) 0).put(ascii);
        return header;
    }

    static byte[] centralHeader(String name, long size, int crc, long offset) {
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        byte[] header = new byte[CENTRAL_FIXED + ascii.length];
        ByteBuffer b = little(header);
        b.putInt(CENTRAL_MAGIC).putShort(VERSION).putShort(VERSION).putShort((short) 0);
        b.putShort((short) 0).putShort((short) 0).putShort(DATE).putInt(crc);
        b.putInt((int) size).putInt((int) size).putShort((short) ascii.length);
        b.putShort((short) 0).putShort((short) 0).putShort((short) 0).putShort((short) 0);
        b.putInt(0).putInt((int) offset).put(ascii);
        return header;
    }

    static byte[] end(int entries, long directorySize, long directoryOffset) {
        byte[] header = new byte[END_SIZE];
        ByteBuffer b = little(header);
        b.putInt(END_MAGIC).putShort((short) 0).putShort((short) 0);
        b.putShort((short) entries).putShort((short) entries);
        b.putInt((int) directorySize).putInt((int) directoryOffset).putShort((short) 0);
        return header;
    }

    private static ByteBuffer little(byte[] header) {
        return ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    }
}
