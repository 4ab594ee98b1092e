package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What stops a start is said in one line, with exit code 2 and nothing left running. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StartTest {
    private TestHome home;

    @BeforeAll
    void install() throws Exception {
        home = TestHome.create();
        try (BrokerProcess broker = home.start()) {
            String admin = home.token("root", "administrator");
            assertThat(broker.post("/v1/keys", admin, "{'name':'k','algorithm':'EC_P256'}")
                            .status())
                    .isEqualTo(201);
        }
    }

    @AfterAll
    void remove() throws IOException {
        home.close();
    }

    private void failsWith(Map<String, String> settings, int port, String line) throws Exception {
        Map<String, String> before = home.settings();
        settings.forEach(home::set);
        try (BrokerProcess broker = BrokerProcess.start(home, port)) {
            int code = broker.awaitExit();
            assertThat(broker.output().lines().toList())
                    .singleElement()
                    .asString()
                    .contains(line);
            assertThat(broker.output()).doesNotContain("hunter2");
            assertThat(code).isEqualTo(2);
        } finally {
            home.restore(before);
        }
    }

    private void failsWith(String key, String value, String line) throws Exception {
        failsWith(Map.of(key, value), TestHome.freePort(), line);
    }

    @Test
    void aWrongPin() throws Exception {
        Path pin = Files.writeString(home.root().resolve("wrong-pin"), "9999");
        failsWith("keyproof.token.pin-file", pin.toString(), "broker: keyproof.token: ");
    }

    @Test
    void aMissingModule() throws Exception {
        failsWith("keyproof.token.module", "/nowhere/module.so", "/nowhere/module.so");
    }

    @Test
    void anUnknownSetting() throws Exception {
        failsWith("keyproof.tokn.label", "x", "keyproof.tokn.label: is not a setting");
    }

    @Test
    void anUnknownSettingWithinAList() throws Exception {
        failsWith("keyproof.token.others[0].modul", "x", "keyproof.token.others[0].modul: is not a setting");
    }

    @Test
    void aSecretInTheConfiguration() throws Exception {
        failsWith("spring.datasource.password", "hunter2", "spring.datasource.password: a secret does not stand in");
        failsWith("server.ssl.key-store-password", "hunter2", "server.ssl.key-store-password: a secret does not");
        failsWith(
                "spring.datasource.url",
                home.database("postgres") + "?user=postgres&password=hunter2",
                "spring.datasource.url: a password does not stand in a URL");
        failsWith(
                "keyproof.database.password-file",
                "/nowhere/password",
                "keyproof.database.password-file: /nowhere/password cannot be read");
    }

    @Test
    void aDatabaseThatDoesNotAnswer() throws Exception {
        failsWith(
                "spring.datasource.url",
                "jdbc:postgresql://127.0.0.1:" + TestHome.freePort() + "/postgres",
                "spring.datasource.url: the database does not answer");
    }

    @Test
    void aTakenPort() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            failsWith(Map.of(), taken.getLocalPort(), "port " + taken.getLocalPort() + " is taken");
        }
    }

    @Test
    void aDatabaseOfAnotherInstallation() throws Exception {
        home.createDatabase("another");
        failsWith("spring.datasource.url", home.database("another"), "the database is older than the journal");
    }

    @Test
    void anOlderJournal() throws Exception {
        Path old = home.root().resolve("journal.old");
        copy(home.journal(), old);
        try (BrokerProcess broker = home.start()) {
            String admin = home.token("root", "administrator");
            assertThat(broker.post("/v1/keys", admin, "{'name':'k','algorithm':'EC_P256'}")
                            .status())
                    .isEqualTo(201);
        }
        Path newer = home.root().resolve("journal.new");
        Files.move(home.journal(), newer);
        Files.move(old, home.journal());

        failsWith(Map.of(), TestHome.freePort(), "the journal is older than the database");

        Files.move(home.journal(), old);
        Files.move(newer, home.journal());
        home.start().close();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
