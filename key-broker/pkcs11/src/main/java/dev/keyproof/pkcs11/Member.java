package dev.keyproof.pkcs11;

import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One token of a group: open or not, serving or not. Whoever changes what it is tells the listener, once. */
final class Member {
    /** At first each look opens a token anew that only that can mend, then fewer: each leaves a copy of the module in memory. */
    private static final int RAREST = 64;

    private final TokenConfig config;
    private final Clock clock;
    private final TokenEvent.Listener listener;
    private final AtomicBoolean serving = new AtomicBoolean(true);
    private final AtomicReference<@Nullable Token> token = new AtomicReference<>();
    /** Looks until the next opening, and what they are after that. Both belong to the thread that looks. */
    private int wait;

    private int spacing = 1;

    Member(TokenConfig config, Clock clock, TokenEvent.Listener listener) {
        this.config = config;
        this.clock = clock;
        this.listener = listener;
    }

    String label() {
        return config.label();
    }

    boolean serves() {
        return serving.get();
    }

    /** Absent when it could not be opened yet. */
    Optional<Token> token() {
        return Optional.ofNullable(token.get());
    }

    /** Opens it; a token that cannot be is one that failed. */
    void open() {
        try {
            token.set(ready());
        } catch (TokenException e) {
            failed(e);
        }
    }

    /** Open, and its capabilities tried, so that what the group can do stays known when it is away. */
    private Token ready() throws TokenException {
        Token fresh = Token.open(config);
        try {
            fresh.capabilities();
            return fresh;
        } catch (TokenException e) {
            end(fresh);
            throw e;
        }
    }

    void failed(TokenException why) {
        if (serving.compareAndSet(true, false)) {
            tell(TokenEvent.Kind.FAILED, String.valueOf(why.getMessage()));
        }
    }

    /** Sees whether it serves: a token that does must answer, and one that does not may do so again. */
    void look(RootProof expected) {
        try {
            expected.require(opened());
            wait = 0;
            spacing = 1;
            if (serving.compareAndSet(false, true)) {
                tell(TokenEvent.Kind.RECOVERED, "It answers, and holds the group's root.");
            }
        } catch (TokenException e) {
            failed(e);
            if (Losses.needsOpening(e)) {
                reopen(expected);
            }
        }
    }

    private Token opened() throws TokenException {
        Token now = token.get();
        if (now == null) {
            throw new TokenException.TokenNotPresent("The token \"" + label() + "\" is not open.");
        }
        return now;
    }

    /** A module whose connection broke answers nothing but errors for ever; a fresh copy of it connects anew. */
    private void reopen(RootProof expected) {
        if (wait > 0) {
            wait--;
            return;
        }
        wait = spacing;
        spacing = Math.min(RAREST, 2 * spacing);
        try {
            Token fresh = ready();
            try {
                expected.require(fresh);
            } catch (TokenException e) {
                end(fresh);
                throw e;
            }
            Token old = token.getAndSet(fresh);
            if (old != null) {
                end(old);
            }
            look(expected);
        } catch (TokenException e) {
            failed(e);
        }
    }

    private static void end(Token old) {
        try {
            old.close();
        } catch (TokenException e) {
            // It is broken, which is why another takes its place.
            return;
        }
    }

    void close() throws TokenException {
        Token now = token.getAndSet(null);
        if (now != null) {
            now.close();
        }
    }

    private void tell(TokenEvent.Kind kind, String reason) {
        listener.happened(new TokenEvent(label(), kind, reason, clock.instant()));
    }
}
