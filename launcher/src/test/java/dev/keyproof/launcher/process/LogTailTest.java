package dev.keyproof.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogTailTest {
    @Test
    void theInnermostCauseOfAStackTraceIsTheReason() {
        String log = """
                time=1 level=INFO starting
                java.lang.IllegalStateException: cannot start
                \tat a.B.c(B.java:1)
                Caused by: java.io.IOException: wrapped
                \tat a.B.d(B.java:2)
                \t... 3 more
                Caused by: dev.Fault: wrong PIN
                \t... 4 more
                time=2 level=INFO stopped
                """;
        assertThat(LogTail.reason(log)).isEqualTo("Caused by: dev.Fault: wrong PIN");
    }

    @Test
    void otherwiseTheLastLineThatSpeaksOfAFault() {
        assertThat(LogTail.reason("starting\nunknown key 'x' in file\nbye\n")).isEqualTo("unknown key 'x' in file");
        assertThat(LogTail.reason("one\ntwo\n\n")).isEqualTo("two");
        assertThat(LogTail.reason("")).isEqualTo("it printed nothing");
    }
}
