package dev.keyproof.launcher.cli;

import dev.keyproof.launcher.home.Config;
import dev.keyproof.launcher.home.Home;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.home.Ports;
import dev.keyproof.launcher.home.Secrets;
import dev.keyproof.launcher.parts.Checkout;
import dev.keyproof.launcher.parts.JavaPart;
import dev.keyproof.launcher.parts.KafkaPart;
import dev.keyproof.launcher.parts.OpenSearchPart;
import dev.keyproof.launcher.parts.Part;
import dev.keyproof.launcher.parts.PostgresPart;
import dev.keyproof.launcher.process.Spawner;
import dev.keyproof.launcher.run.House;
import dev.keyproof.launcher.setup.Identities;
import dev.keyproof.launcher.setup.PartConfigs;
import dev.keyproof.launcher.setup.PolicyFile;
import dev.keyproof.launcher.setup.SoftToken;
import dev.keyproof.launcher.workload.Stores;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** An installation with all that its commands need. */
record Context(Home home, Config config, Secrets secrets, Checkout checkout) {
    private static final List<String> TIER_1 = List.of("-XX:TieredStopAtLevel=1");

    /** Where people and programs find it, as in {@code demo/summary.json}. */
    Map<String, String> addresses() {
        Map<String, String> addresses = new LinkedHashMap<>();
        addresses.put("broker", "http://127.0.0.1:" + config.ports().broker());
        addresses.put("console", "http://127.0.0.1:" + config.ports().console());
        addresses.put("opensearch", "http://127.0.0.1:" + config.ports().opensearch());
        return addresses;
    }

    /** One of them. */
    String address(String part) {
        return Objects.requireNonNull(addresses().get(part));
    }

    /** A token with which a person may look at the console, written to a file that only its owner may read. */
    String consoleToken() throws LauncherException {
        Path file = home.demo().resolve("console.token");
        try {
            Secrets.writePrivate(file, identities().token("auditor-1", List.of("auditor"), Duration.ofHours(8)));
        } catch (IOException e) {
            throw LauncherException.because("cannot write " + file, e);
        }
        return file.toString();
    }

    /** The stores of this installation, as an auditor asks them. */
    Stores stores() throws LauncherException {
        PartConfigs configs = partConfigs();
        return new Stores(
                new Stores.Addresses(
                        configs.journal(),
                        configs.census(),
                        URI.create("http://127.0.0.1:" + config.ports().evidence()),
                        URI.create(address("opensearch")),
                        URI.create("http://127.0.0.1:" + config.ports().demo()),
                        home.root()),
                checkout,
                new Spawner(),
                identities().token("auditor-1", List.of("auditor"), Duration.ofHours(2)));
    }

    /** Puts the example CloudTrail files into the watched folder; returns how many there are. */
    int copyCloudTrail() throws LauncherException {
        Path examples = checkout.path("examples/cloudtrail");
        int files = 0;
        try (Stream<Path> found = Files.walk(examples)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                if (file.getFileName().toString().endsWith(".md")) {
                    continue;
                }
                Path copy = home.cloudTrail().resolve(examples.relativize(file));
                Files.createDirectories(Objects.requireNonNull(copy.getParent()));
                // Moved into place, so that the collector never sees half a file.
                Path part = home.demo().resolve("cloudtrail.part");
                Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
                Files.move(part, copy, StandardCopyOption.ATOMIC_MOVE);
                files++;
            }
            return files;
        } catch (IOException e) {
            throw LauncherException.because("cannot copy the CloudTrail examples", e);
        }
    }

    Identities identities() {
        return new Identities(home, InstantSource.system());
    }

    PolicyFile policy() {
        return new PolicyFile(home, checkout);
    }

    PartConfigs partConfigs() {
        return new PartConfigs(home, config, secrets, identities(), policy());
    }

    SoftToken token(String owner) {
        return new SoftToken(home, checkout, secrets, new Spawner(), owner);
    }

    /** Makes what several parts share. */
    void ensureShared() throws LauncherException {
        identities().ensure();
        policy().ensure();
    }

    /** The parts, each behind those it needs. */
    House house() {
        Spawner spawner = new Spawner();
        Ports ports = config.ports();
        PartConfigs configs = partConfigs();
        SoftToken brokerToken = token("broker");
        SoftToken evidenceToken = token("evidence");
        List<Part> parts = new ArrayList<>();
        parts.add(new PostgresPart(home, secrets, spawner, ports.postgres()));
        parts.add(new KafkaPart(
                home,
                checkout,
                secrets,
                spawner,
                ports.kafka(),
                ports.kafkaController(),
                config.heaps().kafka()));
        parts.add(new OpenSearchPart(
                home,
                checkout,
                ports.opensearch(),
                ports.opensearchTransport(),
                config.heaps().opensearch()));
        parts.add(java(
                "demo-services",
                Checkout.LAUNCHER,
                "dev.keyproof.launcher.demo.DemoServices",
                ports.demo(),
                config.heaps().demo(),
                Set.of(),
                configs::demoServices));
        parts.add(new JavaPart(
                checkout,
                "broker",
                "key-broker/broker",
                "dev.keyproof.broker.BrokerApplication",
                spring("broker"),
                ports.broker(),
                Map.of(),
                Set.of("postgres"),
                config.heaps().broker(),
                List.of(),
                brokerToken.environment(),
                home.root(),
                () -> {
                    brokerToken.ensure();
                    configs.broker(brokerToken);
                }));
        parts.add(java(
                "collector",
                "collectors/collector",
                "dev.keyproof.collector.Collector",
                ports.collector(),
                config.heaps().collector(),
                Set.of("kafka"),
                configs::collector));
        parts.add(new JavaPart(
                checkout,
                "stream",
                "stream-analytics/job",
                "dev.keyproof.stream.StreamJob",
                List.of("--config", file("stream")),
                ports.stream(),
                Map.of("flink", ports.flink()),
                Set.of("kafka"),
                config.heaps().stream(),
                FLINK,
                Map.of(),
                home.root(),
                configs::stream));
        parts.add(java(
                "alert-feed",
                "stream-analytics/alert-feed",
                "dev.keyproof.alerts.AlertFeed",
                ports.alertFeed(),
                config.heaps().alertFeed(),
                Set.of("kafka"),
                configs::alertFeed));
        parts.add(new JavaPart(
                checkout,
                "evidence",
                "evidence-store/evidence-service",
                "dev.keyproof.evidence.EvidenceService",
                List.of(file("evidence")),
                ports.evidence(),
                Map.of(),
                Set.of("kafka", "demo-services"),
                config.heaps().evidence(),
                TIER_1,
                evidenceToken.environment(),
                home.root(),
                () -> {
                    evidenceToken.ensure();
                    configs.evidence(evidenceToken);
                }));
        parts.add(java(
                "indexer",
                "dashboards/panels",
                "dev.keyproof.panels.Indexer",
                ports.indexer(),
                config.heaps().indexer(),
                Set.of("kafka", "opensearch"),
                configs::indexer));
        parts.add(new JavaPart(
                checkout,
                "console",
                "dashboards/console",
                "dev.keyproof.console.ConsoleApplication",
                spring("console"),
                ports.console(),
                Map.of(),
                Set.of("opensearch"),
                config.heaps().console(),
                TIER_1,
                Map.of(),
                home.root(),
                configs::console));
        parts.removeIf(part -> part instanceof JavaPart ours && !built(ours));
        return new House(home, parts);
    }

    private boolean built(JavaPart part) {
        return Files.exists(checkout.path(
                part.module() + "/src/main/java/" + part.mainClass().replace('.', '/') + ".java"));
    }

    private JavaPart java(
            String name,
            String module,
            String mainClass,
            int port,
            int heapMib,
            Set<String> after,
            JavaPart.Preparation preparation) {
        return new JavaPart(
                checkout,
                name,
                module,
                mainClass,
                List.of(file(name)),
                port,
                Map.of(),
                after,
                heapMib,
                TIER_1,
                Map.of(),
                home.root(),
                preparation);
    }

    private List<String> spring(String name) {
        return List.of("--spring.config.additional-location=file:" + file(name));
    }

    private String file(String part) {
        return home.partConfigs().resolve(part + ".yaml").toString();
    }

    /** What Flink opens for itself when its own scripts start it. */
    static final List<String> FLINK = List.of(
            "--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED",
            "--add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.net=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/java.text=ALL-UNNAMED",
            "--add-opens=java.base/java.time=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent.locks=ALL-UNNAMED");
}
