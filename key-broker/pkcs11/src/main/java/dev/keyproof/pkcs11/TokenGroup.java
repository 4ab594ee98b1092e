package dev.keyproof.pkcs11;

import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that hold the same root ({@link GroupRoot}), used as one. Replicated keys work in each of them, so a call that a token fails
 * is repeated on the next one and its caller notices nothing; the token is left alone then until it answers again, which is looked for
 * at an interval. A resident key is in one token only and works as long as that does.
 *
 * <p>Threads are spread over the tokens that serve.
 */
public final class TokenGroup implements Device {
    private final List<Member> members;
    private final RootProof proof;
    private final ScheduledExecutorService looking;
    private final Map<KeyHandle, Member> homes = new ConcurrentHashMap<>();

    private TokenGroup(List<Member> members, RootProof proof, ScheduledExecutorService looking) {
        this.members = members;
        this.proof = proof;
        this.looking = looking;
    }

    /**
     * Opens the tokens; one that cannot be opened is a token that failed, as long as another can.
     *
     * @param configs of at least one token, each {@linkplain TokenConfig#inGroup() in a group}
     * @param every how often each token is looked at
     * @param listener told of each token that fails or recovers
     * @throws TokenException when none can be opened, or two hold different roots
     */
    public static TokenGroup open(List<TokenConfig> configs, Duration every, Clock clock, TokenEvent.Listener listener)
            throws TokenException {
        if (configs.isEmpty() || configs.stream().anyMatch(config -> config.root() != Root.IMPORTED)) {
            throw new IllegalArgumentException("A group has at least one token, each with an imported root.");
        }
        List<Member> members = configs.stream()
                .map(config -> new Member(config, clock, listener))
                .toList();
        members.forEach(Member::open);
        try {
            RootProof proof = agreed(members);
            ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("token-group").factory());
            TokenGroup group = new TokenGroup(members, proof, looking);
            var _ = looking.scheduleWithFixedDelay(
                    group::lookOn, every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
            return group;
        } catch (TokenException e) {
            close(members, e);
            throw e;
        }
    }

    private static RootProof agreed(List<Member> members) throws TokenException {
        @Nullable RootProof agreed = null;
        for (Member member : members) {
            Optional<Token> token = member.token();
            if (token.isEmpty()) {
                continue;
            }
            RootProof one = RootProof.of(token.get());
            agreed = agreed == null ? one : agreed.and(one, member.label());
        }
        if (agreed == null) {
            throw new TokenException.TokenNotPresent("No token of the group "
                    + members.stream().map(Member::label).toList() + " can be opened.");
        }
        return agreed;
    }

    /** The labels of the tokens that serve now. */
    public List<String> serving() {
        return members.stream().filter(Member::serves).map(Member::label).toList();
    }

    /** Looks at each token now, as the interval does. */
    void look() {
        for (Member member : members) {
            member.look(proof);
        }
    }

    /** A listener that throws does not end the looking. */
    private void lookOn() {
        try {
            look();
        } catch (RuntimeException e) {
            Thread here = Thread.currentThread();
            here.getUncaughtExceptionHandler().uncaughtException(here, e);
        }
    }

    interface Work<T> {
        T in(Token token) throws TokenException;
    }

    /** Does it in whichever token can. */
    <T> T anywhere(Work<T> work) throws TokenException {
        @Nullable TokenException last = null;
        for (Member member : inTurn()) {
            Optional<Token> token = member.token();
            if (token.isEmpty()) {
                continue;
            }
            boolean proven = member.serves();
            try {
                if (!proven) {
                    // It may be back, and it may be another by now.
                    proof.require(token.get());
                    proven = true;
                }
                return work.in(token.get());
            } catch (TokenException e) {
                if (proven && !Losses.isLoss(e)) {
                    throw e;
                }
                member.failed(e);
                if (last != null) {
                    e.addSuppressed(last);
                }
                last = e;
            }
        }
        throw last != null ? last : new TokenException.TokenNotPresent("No token of the group is open.");
    }

    /** Those that serve, beginning with this thread's; then the others, for one of them may be back already. */
    private List<Member> inTurn() {
        List<Member> turn = new ArrayList<>();
        List<Member> others = new ArrayList<>();
        int home = (int) (Thread.currentThread().threadId() % members.size());
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get((home + i) % members.size());
            (member.serves() ? turn : others).add(member);
        }
        turn.addAll(others);
        return turn;
    }

    private <T> T with(KeyHandle key, Work<T> work) throws TokenException {
        return key.wrapped().isPresent() ? anywhere(work) : atHome(key, work);
    }

    /** A resident key is where it was found; no other token can stand in for that one. */
    private <T> T atHome(KeyHandle key, Work<T> work) throws TokenException {
        Member home = homes.get(key);
        if (home == null) {
            home = home(key.id())
                    .orElseThrow(
                            () -> new TokenException.NoSuchKey(key + " is in no token of the group that serves now."));
            homes.put(key, home);
        }
        Token token = home.token()
                .orElseThrow(
                        () -> new TokenException.TokenNotPresent("The only token that has " + key + " is not open."));
        try {
            return work.in(token);
        } catch (TokenException e) {
            if (Losses.isLoss(e)) {
                home.failed(e);
            }
            throw e;
        }
    }

    private Optional<Member> home(byte[] id) throws TokenException {
        for (Member member : members) {
            Optional<Token> token = member.token();
            if (token.isPresent() && member.serves() && token.get().find(id).isPresent()) {
                return Optional.of(member);
            }
        }
        return Optional.empty();
    }

    @Override
    public Capabilities capabilities() throws TokenException {
        @Nullable Capabilities common = null;
        for (Member member : members) {
            Optional<Token> token = member.token();
            if (token.isPresent()) {
                Capabilities one = token.get().capabilities();
                common = common == null ? one : common.and(one);
            }
        }
        if (common == null) {
            throw new TokenException.TokenNotPresent("No token of the group is open.");
        }
        return common.replicating(proof.keks().keySet());
    }

    @Override
    public List<ShardLoad> load() {
        return members.stream()
                .flatMap(member -> member.token().stream())
                .flatMap(token -> token.load().stream())
                .toList();
    }

    @Override
    public KeyHandle generate(KeySpec spec, byte[] id, String label) throws TokenException {
        if (find(id).isPresent()) {
            throw new TokenException.KeyExists("A token of the group has a key with this id already.");
        }
        return anywhere(token -> token.generate(spec, id, label));
    }

    @Override
    public Optional<KeyHandle> find(byte[] id) throws TokenException {
        Optional<Member> home = home(id);
        if (home.isEmpty()) {
            requireAll();
            return Optional.empty();
        }
        Optional<Token> token = home.get().token();
        return token.isEmpty() ? Optional.empty() : token.get().find(id);
    }

    /** Where a token does not serve nobody knows what it holds. */
    private void requireAll() throws TokenException {
        for (Member member : members) {
            if (!member.serves() || member.token().isEmpty()) {
                throw new TokenException.TokenNotPresent(
                        "The token \"" + member.label() + "\" does not serve, and may hold the key.");
            }
        }
    }

    @Override
    public void destroy(KeyHandle key) throws TokenException {
        atHome(key, token -> {
            token.destroy(key);
            return key;
        });
        homes.remove(key);
    }

    @Override
    public KeyAttributes attributes(KeyHandle key) throws TokenException {
        return with(key, token -> token.attributes(key));
    }

    @Override
    public byte[] encrypt(KeyHandle key, byte[] plaintext, byte[] aad) throws TokenException {
        return with(key, token -> token.encrypt(key, plaintext, aad));
    }

    @Override
    public byte[] decrypt(KeyHandle key, byte[] ciphertext, byte[] aad) throws TokenException {
        return with(key, token -> token.decrypt(key, ciphertext, aad));
    }

    @Override
    public byte[] decrypt(KeyHandle key, EncryptionAlgorithm algorithm, byte[] ciphertext) throws TokenException {
        return with(key, token -> token.decrypt(key, algorithm, ciphertext));
    }

    @Override
    public byte[] sign(KeyHandle key, SignatureAlgorithm algorithm, byte[] message) throws TokenException {
        return with(key, token -> token.sign(key, algorithm, message));
    }

    @Override
    public byte[] signDigest(KeyHandle key, SignatureAlgorithm algorithm, byte[] digest) throws TokenException {
        return with(key, token -> token.signDigest(key, algorithm, digest));
    }

    @Override
    public byte[] mac(KeyHandle key, byte[] message) throws TokenException {
        return with(key, token -> token.mac(key, message));
    }

    @Override
    public PublicKey publicKey(KeyHandle key) throws TokenException {
        return with(key, token -> token.publicKey(key));
    }

    @Override
    public WrappedKeys wrappedKeys() throws TokenException {
        return new WrappedKeys(new GroupReplicas(this));
    }

    @Override
    public byte[] random(int length) throws TokenException {
        return anywhere(token -> token.random(length));
    }

    @Override
    public Map<String, List<TokenObject>> inventories() throws TokenException {
        Map<String, List<TokenObject>> inventories = new LinkedHashMap<>();
        for (Member member : members) {
            Optional<Token> token = member.token();
            if (token.isPresent() && member.serves()) {
                try {
                    inventories.put(member.label(), token.get().inventory());
                } catch (TokenException e) {
                    if (!Losses.isLoss(e)) {
                        throw e;
                    }
                    member.failed(e);
                }
            }
        }
        return inventories;
    }

    @Override
    public Map<String, List<TokenObject>> objects(byte[] id) throws TokenException {
        requireAll();
        Map<String, List<TokenObject>> objects = new LinkedHashMap<>();
        for (Member member : members) {
            Optional<Token> token = member.token();
            if (token.isPresent()) {
                objects.putAll(token.get().objects(id));
            }
        }
        return objects;
    }

    void forget(KeyHandle key) {
        for (Member member : members) {
            member.token().ifPresent(token -> token.forget(key));
        }
    }

    @Override
    public void close() throws TokenException {
        looking.shutdownNow();
        TokenException failure = new TokenException("A token of the group could not be closed.");
        close(members, failure);
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }

    private static void close(List<Member> members, TokenException failure) {
        for (Member member : members) {
            try {
                member.close();
            } catch (TokenException e) {
                failure.addSuppressed(e);
            }
        }
    }
}
