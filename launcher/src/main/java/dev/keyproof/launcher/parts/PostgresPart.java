package dev.keyproof.launcher.parts;

import dev.keyproof.launcher.home.Home;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.home.Secrets;
import dev.keyproof.launcher.process.Account;
import dev.keyproof.launcher.process.Command;
import dev.keyproof.launcher.process.ServerFolder;
import dev.keyproof.launcher.process.Spawner;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL, the real server, from its Maven artifact. One database {@code keyproof} with one user {@code broker} who owns it and
 * nothing else; passwords by SCRAM.
 */
public final class PostgresPart implements Part {
    private static final String BINARIES = "/postgres-linux-x86_64.txz";
    private static final int PROTOCOL_3 = 3 << 16;

    private final Home home;
    private final Secrets secrets;
    private final Spawner spawner;
    private final int port;
    // Not the account of OpenSearch: a fault in one server must not open the other's files.
    private final Account account = Account.unprivileged("daemon");

    public PostgresPart(Home home, Secrets secrets, Spawner spawner, int port) {
        this.home = home;
        this.secrets = secrets;
        this.spawner = spawner;
        this.port = port;
    }

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public Map<String, Integer> ports() {
        return Map.of("postgres", port);
    }

    @Override
    public Set<String> after() {
        return Set.of();
    }

    @Override
    public void prepare() throws LauncherException {
        Path folder = ServerFolder.make(home, "postgres", account);
        try {
            if (Files.notExists(folder.resolve("server/bin/postgres"))) {
                unpack(folder.resolve("server"));
                account.own(folder);
            }
            if (Files.notExists(folder.resolve("data/PG_VERSION"))) {
                initialise(folder);
            }
        } catch (IOException e) {
            throw LauncherException.because("cannot make the database in " + folder, e);
        }
    }

    private void initialise(Path folder) throws IOException, LauncherException {
        Path password = folder.resolve("admin.password");
        Secrets.writePrivate(password, secrets.value("postgres-admin.password"));
        account.own(folder);
        String server = folder.resolve("server/bin").toString();
        spawner.run(
                account.run(new Command(
                        List.of(
                                server + "/initdb",
                                "--pgdata=data.new",
                                "--username=admin",
                                "--pwfile=admin.password",
                                "--auth=scram-sha-256",
                                "--encoding=UTF8",
                                "--locale=C",
                                "--no-sync"),
                        Map.of("LC_ALL", "C"),
                        folder)),
                "",
                Duration.ofSeconds(90));
        Files.delete(password);
        // Single-user mode reads statements from standard input, so the password is on no command line.
        String statements = "CREATE ROLE broker LOGIN PASSWORD '" + secrets.value("postgres-broker.password") + "'\n"
                + "CREATE DATABASE keyproof OWNER broker\n"
                + "REVOKE ALL ON DATABASE keyproof FROM PUBLIC\n";
        spawner.run(
                account.run(new Command(
                        List.of(server + "/postgres", "--single", "-D", "data.new", "postgres"),
                        Map.of("LC_ALL", "C"),
                        folder)),
                statements,
                Duration.ofSeconds(60));
        Files.move(folder.resolve("data.new"), folder.resolve("data"));
    }

    private static void unpack(Path target) throws IOException {
        try (InputStream packed = PostgresPart.class.getResourceAsStream(BINARIES)) {
            if (packed == null) {
                throw new IOException("no PostgreSQL binaries for this kind of machine (only Linux on x86-64)");
            }
            try (TarArchiveInputStream tar =
                    new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed)))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    Path file = target.resolve(entry.getName()).normalize();
                    if (!file.startsWith(target)) {
                        throw new IOException("an archive entry leaves its folder: " + entry.getName());
                    }
                    place(entry, tar, file);
                }
            }
        }
    }

    private static void place(TarArchiveEntry entry, TarArchiveInputStream tar, Path file) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
            Files.copy(tar, file);
            boolean runs = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(runs ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    @Override
    public Command command() throws LauncherException {
        Path folder = ServerFolder.make(home, "postgres", account);
        return account.run(new Command(
                List.of(
                        folder.resolve("server/bin/postgres").toString(),
                        "-D",
                        "data",
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "max_connections=50",
                        "-c",
                        "shared_buffers=32MB",
                        "-c",
                        "wal_level=minimal",
                        "-c",
                        "max_wal_senders=0",
                        "-c",
                        "max_wal_size=256MB",
                        "-c",
                        "log_timezone=UTC",
                        "-c",
                        "timezone=UTC",
                        "-c",
                        "log_line_prefix=time=%m pid=%p "),
                Map.of("LC_ALL", "C"),
                folder));
    }

    /** Says hello as the broker's user would: a server that is ready asks for the password. */
    @Override
    public Health health() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            socket.setSoTimeout(1000);
            ByteArrayOutputStream parameters = new ByteArrayOutputStream();
            for (String word : List.of("user", "broker", "database", "keyproof", "")) {
                parameters.writeBytes(word.getBytes(StandardCharsets.UTF_8));
                parameters.write(0);
            }
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(parameters.size() + 8);
            out.writeInt(PROTOCOL_3);
            out.write(parameters.toByteArray());
            out.flush();
            int answer = new DataInputStream(socket.getInputStream()).readUnsignedByte();
            return answer == 'R' ? Health.up("takes connections") : Health.down("starting");
        } catch (IOException e) {
            return Health.down("no answer at " + address());
        }
    }
}
