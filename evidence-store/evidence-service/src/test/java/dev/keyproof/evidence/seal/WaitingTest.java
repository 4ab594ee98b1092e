package dev.keyproof.evidence.seal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WaitingTest {
    @Test
    void whatIsBeingSealedCannotBeWithdrawn() {
        Waiting waiting = new Waiting();

        assertThat(waiting.take()).isTrue();
        assertThat(waiting.cancel(false)).isFalse();
        assertThat(waiting).isNotDone();
    }

    @Test
    void whatWasWithdrawnIsNotSealed() {
        Waiting waiting = new Waiting();

        assertThat(waiting.cancel(false)).isTrue();
        assertThat(waiting.take()).isFalse();
        assertThat(waiting).isCancelled();
    }
}
