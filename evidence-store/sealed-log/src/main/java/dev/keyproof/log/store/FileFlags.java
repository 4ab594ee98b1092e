package dev.keyproof.log.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/** The flags of a file that Linux keeps for file systems (ioctl_iflags(2)); of them the one that forbids every change. */
final class FileFlags {
    private static final long GET = 0x80086601L;
    private static final long SET = 0x40086602L;
    private static final int IMMUTABLE = 0x10;
    private static final int READ_ONLY_AND_CLOSE_ON_EXEC = 0x80000;

    private final MethodHandle open;
    private final MethodHandle ioctl;
    private final MethodHandle close;
    private final StructLayout state = Linker.Option.captureStateLayout();
    private final VarHandle errno = state.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    FileFlags() {
        Linker linker = Linker.nativeLinker();
        Linker.Option errors = Linker.Option.captureCallState("errno");
        open = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("open"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                errors,
                Linker.Option.firstVariadicArg(2));
        ioctl = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("ioctl"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
                errors,
                Linker.Option.firstVariadicArg(2));
        close = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("close"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                errors);
    }

    boolean isImmutable(Path file) throws IOException {
        return (flags(file, old -> old) & IMMUTABLE) != 0;
    }

    /** Sets or clears it; needs CAP_LINUX_IMMUTABLE. */
    void immutable(Path file, boolean set) throws IOException {
        flags(file, old -> set ? old | IMMUTABLE : old & ~IMMUTABLE);
    }

    private interface Change {
        int of(int old);
    }

    private int flags(Path file, Change change) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errors = arena.allocate(state);
            MemorySegment flags = arena.allocate(ValueLayout.JAVA_LONG);
            int descriptor =
                    (int) open.invokeExact(errors, arena.allocateFrom(file.toString()), READ_ONLY_AND_CLOSE_ON_EXEC);
            check(file, errors, descriptor);
            try {
                check(file, errors, (int) ioctl.invokeExact(errors, descriptor, GET, flags));
                int old = flags.get(ValueLayout.JAVA_INT, 0);
                int changed = change.of(old);
                if (changed != old) {
                    flags.set(ValueLayout.JAVA_INT, 0, changed);
                    check(file, errors, (int) ioctl.invokeExact(errors, descriptor, SET, flags));
                }
                return changed;
            } finally {
                check(file, errors, (int) close.invokeExact(errors, descriptor));
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("cannot call the system for " + file, e);
        }
    }

    private void check(Path file, MemorySegment errors, int result) throws IOException {
        if (result < 0) {
            int code = (int) errno.get(errors, 0L);
            throw new IOException(file + ": "
                    + switch (code) {
                        case 1 -> "not permitted (it needs CAP_LINUX_IMMUTABLE)";
                        case 2 -> "is not there";
                        case 25, 95 -> "the file system has no such flags";
                        default -> "error " + code;
                    });
        }
    }
}
