package dev.keyproof.launcher.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyproof.launcher.home.Home;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.parts.Health;
import dev.keyproof.launcher.parts.Part;
import dev.keyproof.launcher.process.Command;
import dev.keyproof.launcher.process.ProcessId;
import dev.keyproof.launcher.process.Spawner;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StarterTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Progress progress = new PlainProgress(new PrintStream(printed, true, StandardCharsets.UTF_8));
    private House house = new House(Home.at(Path.of("/nowhere")), List.of());

    @BeforeEach
    void makeHome() throws Exception {
        house = house(List.of());
        house.home().create();
    }

    @AfterEach
    void stopAll() {
        new Shutdown(house, progress).stop();
    }

    @Test
    void startsInTheOrderOfNeedAndOnlyWhatDoesNotRun() throws Exception {
        // Given
        house = house(List.of(part("second", "sleep 60", Set.of("first"), 0), part("first", "sleep 60", Set.of(), 0)));

        // When
        start();
        ProcessId first = house.running(house.part("first").orElseThrow()).orElseThrow();
        ProcessId second = house.running(house.part("second").orElseThrow()).orElseThrow();
        ProcessHandle handle = ProcessHandle.of(second.pid()).orElseThrow();
        handle.destroyForcibly();
        handle.onExit().get();
        start();

        // Then
        assertThat(first.start()).isLessThanOrEqualTo(second.start());
        assertThat(house.running(house.part("first").orElseThrow())).contains(first);
        assertThat(house.running(house.part("second").orElseThrow()))
                .hasValueSatisfying(again -> assertThat(again).isNotEqualTo(second));
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("runs already at");
    }

    @Test
    void saysInOneLineWhyAPartStopped() {
        // Given
        house = house(List.of(
                part("steady", "sleep 60", Set.of(), 0),
                part("broken", "echo 'broken: wrong PIN refused'; exit 2", Set.of("steady"), 0),
                part("never", "sleep 60", Set.of("broken"), 0)));

        // When / Then
        assertThatThrownBy(this::start)
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining("broken stopped: broken: wrong PIN refused")
                .hasMessageContaining(house.home().logs().toString());
        new Shutdown(house, progress).stop();
        assertThat(house.pids()).isEmpty();
        assertThat(house.log(house.part("never").orElseThrow())).doesNotExist();
    }

    @Test
    void namesThePortThatIsTakenAndStartsNothing() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // Given
            house = house(List.of(
                    part("free", "sleep 60", Set.of(), 0), part("taken", "sleep 60", Set.of(), taken.getLocalPort())));

            // When / Then
            assertThatThrownBy(this::start)
                    .isInstanceOf(LauncherException.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " (taken of taken) is taken");
            assertThat(house.pids()).isEmpty();
        }
    }

    @Test
    void twoLaunchersDoNotWorkOnOneHome() throws Exception {
        try (HomeLock _ = HomeLock.take(house.home())) {
            assertThatThrownBy(() -> HomeLock.take(house.home()))
                    .isInstanceOf(LauncherException.class)
                    .hasMessageContaining("another keyproof command");
        }
        HomeLock.take(house.home()).close();
    }

    private void start() throws LauncherException {
        new Starter(house, new Spawner(), progress).start();
    }

    private House house(List<Part> parts) {
        return new House(Home.at(folder.resolve("home")), parts);
    }

    /** A part that is well as soon as its process has said so. */
    private Part part(String name, String script, Set<String> after, int port) {
        Path ready = folder.resolve(name + ".ready");
        return new Part() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String address() {
                return "nowhere";
            }

            @Override
            public Map<String, Integer> ports() {
                return port == 0 ? Map.of() : Map.of(name, port);
            }

            @Override
            public Set<String> after() {
                return after;
            }

            @Override
            public void prepare() {
                assertThat(house.home().logs()).isDirectory();
            }

            @Override
            public Command command() {
                String said = script.startsWith("sleep") ? "touch " + ready + "; exec " + script : script;
                return new Command(List.of("/bin/sh", "-c", said), Map.of(), folder);
            }

            @Override
            public Health health() {
                return new Health(Files.exists(ready), "not ready");
            }
        };
    }
}
