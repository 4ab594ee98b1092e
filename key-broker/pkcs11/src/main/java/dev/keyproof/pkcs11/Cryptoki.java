package dev.keyproof.pkcs11;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One loaded PKCS#11 module, called by its function list (CK_ULONG of 8 bytes, natural alignment: 64-bit Linux). Calls are
 * as thin as they can be; who may call them when is the caller's care.
 */
final class Cryptoki {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle P = function(ADDRESS);
    private static final MethodHandle J = function(JAVA_LONG);
    private static final MethodHandle JJ = function(JAVA_LONG, JAVA_LONG);
    private static final MethodHandle JP = function(JAVA_LONG, ADDRESS);
    private static final MethodHandle BPP = function(JAVA_BYTE, ADDRESS, ADDRESS);
    private static final MethodHandle JPP = function(JAVA_LONG, ADDRESS, ADDRESS);
    private static final MethodHandle JPJ = function(JAVA_LONG, ADDRESS, JAVA_LONG);
    private static final MethodHandle JPJP = function(JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
    private static final MethodHandle JJPJ = function(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
    private static final MethodHandle JJPJP = function(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
    private static final MethodHandle JJPPP = function(JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle JPPJP = function(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    private static final MethodHandle JPPJPJPP =
            function(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);

    /** Places in CK_FUNCTION_LIST, counted from C_Initialize. */
    private static final int FUNCTIONS = 68;

    private final MemorySegment[] functions = new MemorySegment[FUNCTIONS];

    private Cryptoki(MemorySegment list) {
        for (int i = 0; i < FUNCTIONS; i++) {
            // CK_VERSION takes the first 2 bytes and is padded to the alignment of pointers.
            functions[i] = list.get(ADDRESS, 8L + 8L * i);
        }
    }

    /** The function at a place of CK_FUNCTION_LIST, counted from C_Initialize. */
    MemorySegment function(int place) {
        return functions[place];
    }

    static MethodHandle function(MemoryLayout... arguments) {
        return LINKER.downcallHandle(FunctionDescriptor.of(JAVA_LONG, arguments));
    }

    static Cryptoki load(Path module) throws TokenException {
        return load(module, "");
    }

    /**
     * Loads the module for the life of the process and initialises it unless somebody in the process has.
     *
     * @param parameters what the module wants to be told, as NSS softokn does; most want nothing
     */
    static Cryptoki load(Path module, String parameters) throws TokenException {
        Cryptoki cryptoki;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entry = SymbolLookup.libraryLookup(module, Arena.global())
                    .find("C_GetFunctionList")
                    .orElseThrow(() -> new TokenException.ModuleMissing(
                            "The file " + module + " is a library but not a PKCS#11 module.", null));
            MemorySegment out = arena.allocate(ADDRESS);
            check("C_GetFunctionList", () -> (long) P.invokeExact(entry, out));
            cryptoki = new Cryptoki(out.get(ADDRESS, 0).reinterpret(8L + 8L * FUNCTIONS));
            MemorySegment arguments = arena.allocate(48, 8);
            arguments.set(JAVA_LONG, 32, Ck.OS_LOCKING_OK);
            if (!parameters.isEmpty()) {
                // Kept for the life of the process: a module may go on reading it.
                arguments.set(ADDRESS, 40, Arena.global().allocateFrom(parameters));
            }
            cryptoki.initialise(arguments);
        } catch (IllegalArgumentException e) {
            throw new TokenException.ModuleMissing(
                    "The PKCS#11 module " + module + " cannot be loaded as a library.", e);
        }
        return cryptoki;
    }

    private void initialise(MemorySegment arguments) throws TokenException {
        try {
            check("C_Initialize", () -> (long) P.invokeExact(functions[0], arguments));
        } catch (TokenException.DeviceError e) {
            if (e.code() != Ckr.CRYPTOKI_ALREADY_INITIALIZED) {
                throw e;
            }
        }
    }

    /** Slots that hold a token, initialised or not. */
    List<Long> slots() throws TokenException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_LONG);
            MemorySegment none = MemorySegment.NULL;
            check("C_GetSlotList", () -> (long) BPP.invokeExact(functions[4], (byte) 1, none, count));
            // One more than told: a slot may appear between the two calls.
            long room = count.get(JAVA_LONG, 0) + 8;
            MemorySegment ids = arena.allocate(JAVA_LONG, room);
            count.set(JAVA_LONG, 0, room);
            check("C_GetSlotList", () -> (long) BPP.invokeExact(functions[4], (byte) 1, ids, count));
            List<Long> slots = new ArrayList<>();
            for (long i = 0; i < count.get(JAVA_LONG, 0); i++) {
                slots.add(ids.getAtIndex(JAVA_LONG, i));
            }
            return slots;
        }
    }

    /** CK_TOKEN_INFO as bytes. */
    byte[] tokenInfo(long slot) throws TokenException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(256, 8);
            check("C_GetTokenInfo", () -> (long) JP.invokeExact(functions[6], slot, info));
            return info.toArray(JAVA_BYTE);
        }
    }

    List<Long> mechanisms(long slot) throws TokenException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_LONG);
            MemorySegment none = MemorySegment.NULL;
            check("C_GetMechanismList", () -> (long) JPP.invokeExact(functions[7], slot, none, count));
            MemorySegment types = arena.allocate(JAVA_LONG, Math.max(1, count.get(JAVA_LONG, 0)));
            check("C_GetMechanismList", () -> (long) JPP.invokeExact(functions[7], slot, types, count));
            List<Long> mechanisms = new ArrayList<>();
            for (long i = 0; i < count.get(JAVA_LONG, 0); i++) {
                mechanisms.add(types.getAtIndex(JAVA_LONG, i));
            }
            return mechanisms;
        }
    }

    /** The label is 32 bytes, padded with blanks. */
    void initToken(long slot, byte[] soPin, byte[] label) throws TokenException {
        try (Arena arena = Arena.ofConfined();
                Secret pin = new Secret(arena, soPin)) {
            MemorySegment name = arena.allocateFrom(JAVA_BYTE, label);
            check("C_InitToken", () -> (long) JPJP.invokeExact(functions[9], slot, pin.segment(), pin.length(), name));
        }
    }

    void initPin(long session, byte[] userPin) throws TokenException {
        try (Arena arena = Arena.ofConfined();
                Secret pin = new Secret(arena, userPin)) {
            check("C_InitPIN", () -> (long) JPJ.invokeExact(functions[10], session, pin.segment(), pin.length()));
        }
    }

    long openSession(long slot) throws TokenException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            MemorySegment none = MemorySegment.NULL;
            check("C_OpenSession", () ->
                    (long) JJPPP.invokeExact(functions[12], slot, Ck.SESSION_RW_SERIAL, none, none, out));
            return out.get(JAVA_LONG, 0);
        }
    }

    void closeSession(long session) throws TokenException {
        check("C_CloseSession", () -> (long) J.invokeExact(functions[13], session));
    }

    void closeAllSessions(long slot) throws TokenException {
        check("C_CloseAllSessions", () -> (long) J.invokeExact(functions[14], slot));
    }

    /** CKS of a session: whether its token is logged in to. */
    long state(long session) throws TokenException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(32, 8);
            check("C_GetSessionInfo", () -> (long) JP.invokeExact(functions[15], session, info));
            return info.get(JAVA_LONG, 8);
        }
    }

    void login(long session, long user, byte[] userPin) throws TokenException {
        try (Arena arena = Arena.ofConfined();
                Secret pin = new Secret(arena, userPin)) {
            check("C_Login", () -> (long) JJPJ.invokeExact(functions[18], session, user, pin.segment(), pin.length()));
        }
    }

    long createObject(long session, Template template) throws TokenException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = template.in(arena);
            MemorySegment out = arena.allocate(JAVA_LONG);
            check("C_CreateObject", () ->
                    (long) JPJP.invokeExact(functions[20], session, attributes, template.size(), out));
            return out.get(JAVA_LONG, 0);
        }
    }

    long copyObject(long session, long object, Template template) throws TokenException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = template.in(arena);
            MemorySegment out = arena.allocate(JAVA_LONG);
            check("C_CopyObject", () ->
                    (long) JJPJP.invokeExact(functions[21], session, object, attributes, template.size(), out));
            return out.get(JAVA_LONG, 0);
        }
    }

    void destroyObject(long session, long object) throws TokenException {
        check("C_DestroyObject", () -> (long) JJ.invokeExact(functions[22], session, object));
    }

    /** The attributes that the object has and shows; those it has not or keeps secret are left out. */
    Map<Long, byte[]> attributes(long session, long object, long... types) throws TokenException {
        return ReadAttributes.values(this, session, object, types);
    }

    /** What a template that is an attribute itself holds; empty if the object has none or does not show it. */
    Map<Long, ByteBuffer> template(long session, long object, long type) throws TokenException {
        return ReadAttributes.template(this, session, object, type);
    }

    void setAttributes(long session, long object, Template template) throws TokenException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = template.in(arena);
            check("C_SetAttributeValue", () ->
                    (long) JJPJ.invokeExact(functions[25], session, object, attributes, template.size()));
        }
    }

    List<Long> find(long session, Template template) throws TokenException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = template.in(arena);
            check("C_FindObjectsInit", () ->
                    (long) JPJ.invokeExact(functions[26], session, attributes, template.size()));
            try {
                int room = 256;
                MemorySegment handles = arena.allocate(JAVA_LONG, room);
                MemorySegment count = arena.allocate(JAVA_LONG);
                List<Long> found = new ArrayList<>();
                do {
                    check("C_FindObjects", () ->
                            (long) JPJP.invokeExact(functions[27], session, handles, (long) room, count));
                    for (long i = 0; i < count.get(JAVA_LONG, 0); i++) {
                        found.add(handles.getAtIndex(JAVA_LONG, i));
                    }
                } while (count.get(JAVA_LONG, 0) == room);
                return found;
            } finally {
                check("C_FindObjectsFinal", () -> (long) J.invokeExact(functions[28], session));
            }
        }
    }

    long generateKey(long session, long mechanism, Template template) throws TokenException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment how = Mechanism.of(mechanism).in(arena);
            MemorySegment attributes = template.in(arena);
            MemorySegment out = arena.allocate(JAVA_LONG);
            check("C_GenerateKey", () ->
                    (long) JPPJP.invokeExact(functions[58], session, how, attributes, template.size(), out));
            return out.get(JAVA_LONG, 0);
        }
    }

    /** Handles of a fresh pair. */
    record Pair(long publicKey, long privateKey) {}

    Pair generateKeyPair(long session, long mechanism, Template publicKey, Template privateKey) throws TokenException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment how = Mechanism.of(mechanism).in(arena);
            MemorySegment open = publicKey.in(arena);
            MemorySegment closed = privateKey.in(arena);
            MemorySegment outOpen = arena.allocate(JAVA_LONG);
            MemorySegment outClosed = arena.allocate(JAVA_LONG);
            check("C_GenerateKeyPair", () -> (long) JPPJPJPP.invokeExact(
                    functions[59],
                    session,
                    how,
                    open,
                    publicKey.size(),
                    closed,
                    privateKey.size(),
                    outOpen,
                    outClosed));
            return new Pair(outOpen.get(JAVA_LONG, 0), outClosed.get(JAVA_LONG, 0));
        }
    }

    void random(long session, byte[] target) throws TokenException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment output = arena.allocate(Math.max(1, target.length));
            check("C_GenerateRandom", () ->
                    (long) JPJ.invokeExact(functions[64], session, output, (long) target.length));
            MemorySegment.copy(output, JAVA_BYTE, 0, target, 0, target.length);
        }
    }

    interface Call {
        long run() throws Throwable;
    }

    static void check(String function, Call call) throws TokenException {
        long answer;
        try {
            answer = call.run();
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(function + " could not be called.", e);
        }
        if (answer != Ckr.OK) {
            throw new TokenException.DeviceError(function, answer);
        }
    }

    /** Native memory with a PIN in it, overwritten before it is given back. */
    private record Secret(MemorySegment segment, long length) implements AutoCloseable {
        Secret(Arena arena, byte[] value) {
            this(arena.allocateFrom(JAVA_BYTE, value), value.length);
        }

        @Override
        public void close() {
            segment.fill((byte) 0);
        }

        @Override
        public String toString() {
            return "Secret";
        }
    }
}
