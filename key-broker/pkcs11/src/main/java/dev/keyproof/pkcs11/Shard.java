package dev.keyproof.pkcs11;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.Provider;
import java.security.ProviderException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One module instance with its login, its native sessions and its SunPKCS11 provider. When its sessions are lost it logs in
 * once more and repeats the call; when that fails too, the caller is told why.
 */
final class Shard {
    private static final Set<String> STALE = Set.of("CKR_KEY_HANDLE_INVALID", "CKR_OBJECT_HANDLE_INVALID");

    /** Calls in the module at a time; more only wait for its lock, and dearer than here. */
    private static final int LANES = 2;

    private final int number;
    private final Path module;
    private final TokenConfig config;
    private final Cryptoki cryptoki;
    private final Login login;
    private final Set<Guard> guards;
    private final Semaphore lanes = new Semaphore(LANES);
    private final ReentrantLock linking = new ReentrantLock();
    private volatile Link link;
    private volatile boolean closed;

    private Shard(int number, Path module, TokenConfig config) throws TokenException {
        this.number = number;
        this.module = module;
        this.config = config;
        this.cryptoki = Cryptoki.load(module, config.parameters());
        this.login = new Login(cryptoki, config);
        this.link = logIn();
        this.guards = natively((cryptoki, session) -> GuardTrials.guards(cryptoki, session, link.slot()));
    }

    static Shard open(int number, Path module, TokenConfig config) throws TokenException {
        return new Shard(number, module, config);
    }

    interface NativeUse<T> {
        T with(Cryptoki cryptoki, long session) throws TokenException;
    }

    interface JcaUse<T> {
        T with(Provider provider, Key key) throws GeneralSecurityException;
    }

    /** Free lanes, as a hint where to go. */
    int free() {
        return lanes.availablePermits();
    }

    ShardLoad load(String token) {
        return new ShardLoad(token, number, link.sessions().size(), LANES - lanes.availablePermits());
    }

    Provider provider() {
        return link.sun().provider();
    }

    TokenInfo info(int shards) throws TokenException {
        return Slots.info(cryptoki, link.slot(), shards);
    }

    /** Calls the module natively; the use may run twice, the first time without effect. */
    <T> T natively(NativeUse<T> use) throws TokenException {
        lanes.acquireUninterruptibly();
        try {
            Link at = link;
            try {
                return once(at, use);
            } catch (TokenException.DeviceError e) {
                if (!Ckr.LOST.contains(e.ckr())) {
                    throw e;
                }
                return once(relink(at), use);
            }
        } finally {
            lanes.release();
        }
    }

    private <T> T once(Link at, NativeUse<T> use) throws TokenException {
        Long pooled = at.sessions().poll();
        long session = pooled != null ? pooled : cryptoki.openSession(at.slot());
        boolean sound = false;
        try {
            if (pooled == null) {
                requireLogin(session);
            }
            T result = use.with(cryptoki, session);
            sound = true;
            return result;
        } finally {
            if (sound) {
                at.sessions().push(session);
            } else {
                Login.discard(cryptoki, session);
            }
        }
    }

    /** A token that was away opens sessions again before anyone logs in; such a session finds no key, and does not say why. */
    private void requireLogin(long session) throws TokenException {
        if (cryptoki.state(session) != Ck.STATE_RW_USER) {
            throw new TokenException.DeviceError("C_OpenSession", Ckr.USER_NOT_LOGGED_IN);
        }
    }

    /** Calls the module natively with a key. */
    <T> T nativelyWith(KeyHandle handle, KeyWork<T> use) throws TokenException {
        try {
            return natively((module, session) -> bound(handle, module, session, use));
        } catch (TokenException.DeviceError e) {
            if (!STALE.contains(e.ckr())) {
                throw e;
            }
            forget(handle);
            return natively((module, session) -> bound(handle, module, session, use));
        }
    }

    private <T> T bound(KeyHandle handle, Cryptoki module, long session, KeyWork<T> use) throws TokenException {
        Binding binding = bind(link, handle, module, session);
        while (!binding.acquire()) {
            binding = bind(link, handle, module, session);
        }
        try {
            return use.with(module, session, binding.object());
        } finally {
            binding.release();
        }
    }

    interface WrappingUse<T> {
        T with(Cryptoki cryptoki, long session, KeySpec spec, Wrapping.Kek kek) throws TokenException;
    }

    /** Calls the module natively with the KEK for such keys. */
    <T> T wrapping(KeySpec spec, WrappingUse<T> use) throws TokenException {
        return natively((module, session) -> use.with(module, session, spec, kek(link, spec, module, session)));
    }

    /** Made under the lock, so that one login does not make it twice. */
    private Wrapping.Kek kek(Link at, KeySpec spec, Cryptoki module, long session) throws TokenException {
        Wrapping.Kek known = at.keks().get(spec);
        if (known != null) {
            return known;
        }
        at.unwrapping().lock();
        try {
            return look(at, spec, module, session);
        } finally {
            at.unwrapping().unlock();
        }
    }

    private Wrapping.Kek look(Link at, KeySpec spec, Cryptoki module, long session) throws TokenException {
        Guard.requireFor(spec, EnumSet.allOf(Guard.class), guards, config.waived());
        Wrapping.Kek kek = new Wrapping.Kek(
                TokenKeks.mechanism(module, at.slot()),
                Patience.with(() -> TokenKeks.ofKind(module, session, at.slot(), spec, guards, config.root())),
                guards);
        at.keks().put(spec, kek);
        return kek;
    }

    interface KeyWork<T> {
        T with(Cryptoki cryptoki, long session, long key) throws TokenException;
    }

    /** Uses a key through SunPKCS11. */
    <T> T jca(KeyHandle handle, JcaUse<T> use) throws TokenException {
        for (int attempt = 0; ; attempt++) {
            Link at = link;
            Key key = jcaKey(at, handle);
            lanes.acquireUninterruptibly();
            try {
                return use.with(at.sun().provider(), key);
            } catch (GeneralSecurityException | ProviderException e) {
                String ckr = SunPkcs11.ckr(e);
                if (attempt == 0 && ckr != null && Ckr.LOST.contains(ckr)) {
                    relink(at);
                } else if (attempt == 0 && ckr != null && STALE.contains(ckr)) {
                    at.bindings().remove(handle);
                } else {
                    throw Failures.translate(handle, e, ckr);
                }
            } finally {
                lanes.release();
            }
        }
    }

    /** The JCA key of this login. */
    Key jcaKey(KeyHandle handle) throws TokenException {
        return jcaKey(link, handle);
    }

    private Key jcaKey(Link at, KeyHandle handle) throws TokenException {
        Binding bound = at.bindings().get(handle);
        if (bound == null) {
            bound = natively((module, session) -> bind(link, handle, module, session));
        }
        if (bound.key() == null) {
            throw new TokenException.Unsupported("SunPKCS11 cannot use " + handle + ".");
        }
        return bound.key();
    }

    private Binding bind(Link at, KeyHandle handle, Cryptoki module, long session) throws TokenException {
        if (handle.wrapped().isPresent()) {
            return unwrap(at, handle, handle.wrapped().get(), module, session);
        }
        Binding known = at.bindings().get(handle);
        if (known != null) {
            return known;
        }
        Long object = TokenObjects.key(module, session, handle.id());
        if (object == null) {
            throw new TokenException.NoSuchKey(handle + " is not in the token.");
        }
        Key key = handle.spec().throughJca() ? at.sun().key(handle.label()) : null;
        if (key == null && handle.spec().throughJca()) {
            throw new TokenException.NoSuchKey(handle + " is in the token, but SunPKCS11 does not list it.");
        }
        Binding binding = Binding.resident(object, key);
        at.bindings().put(handle, binding);
        return binding;
    }

    /** The object belongs to the login's own session, so that it stays when others close; two threads do not use that at once. */
    private Binding unwrap(Link at, KeyHandle handle, WrappedKey key, Cryptoki module, long session)
            throws TokenException {
        Binding known = at.unwrapped().getIfPresent(handle);
        if (known != null) {
            return known;
        }
        Wrapping.Kek kek = kek(at, key.spec(), module, session);
        at.unwrapping().lock();
        try {
            Binding meanwhile = at.unwrapped().getIfPresent(handle);
            if (meanwhile != null) {
                return meanwhile;
            }
            long object = open(at, handle, key, kek, module);
            Binding binding = Binding.unwrapped(object, () -> destroy(at, object));
            at.unwrapped().put(handle, binding);
            return binding;
        } finally {
            at.unwrapping().unlock();
        }
    }

    /** Another broker may have made a KEK of its own at first use and wrapped by that, so one that is unknown is looked for. */
    private long open(Link at, KeyHandle handle, WrappedKey key, Wrapping.Kek kek, Cryptoki module)
            throws TokenException {
        try {
            return Wrapping.open(module, at.loginSession(), handle, key, kek);
        } catch (TokenException.DeviceError e) {
            Failures.rethrowLoss(e);
            Wrapping.Kek now = look(at, key.spec(), module, at.loginSession());
            if (now.equals(kek)) {
                Sight.renew(config);
                now = look(at, key.spec(), module, at.loginSession());
            }
            if (now.equals(kek)) {
                throw e;
            }
            return Wrapping.open(module, at.loginSession(), handle, key, now);
        }
    }

    private void destroy(Link at, long object) {
        at.unwrapping().lock();
        try {
            cryptoki.destroyObject(at.loginSession(), object);
        } catch (TokenException e) {
            // It went with its session.
            return;
        } finally {
            at.unwrapping().unlock();
        }
    }

    /** Looks the key up now, so that no request pays for it. */
    void warm(KeyHandle handle) throws TokenException {
        natively((module, session) -> bind(link, handle, module, session));
    }

    void forget(KeyHandle handle) {
        link.forget(handle);
    }

    private Link relink(Link lost) throws TokenException {
        linking.lock();
        try {
            if (closed) {
                throw new TokenException.Closed("The token \"" + config.label() + "\" is closed.");
            }
            if (link.loginSession() == lost.loginSession()) {
                link = logIn();
            }
            return link;
        } finally {
            linking.unlock();
        }
    }

    private Link logIn() throws TokenException {
        long slot = Slots.withLabel(cryptoki, config.label());
        return Link.of(slot, login.session(slot), SunPkcs11.on(module, slot, number, config.pin()));
    }

    /** Ends the login; one that is lost has ended. SunPKCS11 has sessions of its own in this module, so all of the slot's are closed. */
    void close() throws TokenException {
        // A call that comes late must not log in again.
        closed = true;
        try {
            cryptoki.closeAllSessions(link.slot());
        } catch (TokenException.DeviceError e) {
            if (!Ckr.LOST.contains(e.ckr()) && !Ckr.BROKEN.contains(e.ckr())) {
                throw e;
            }
        }
    }

    /** AES-KWP by the number that the module gives it. */
    long kwp() throws TokenException {
        return TokenKeks.mechanism(cryptoki, link.slot());
    }

    Set<Guard> guards() {
        return guards;
    }

    /** What the token can do, tried now. */
    Capabilities capabilities() throws TokenException {
        return natively(
                (module, session) -> KeyTrials.capabilities(module, session, link.slot(), guards, config.waived()));
    }

    List<Long> mechanisms() throws TokenException {
        return natively((module, session) -> module.mechanisms(link.slot()));
    }
}
