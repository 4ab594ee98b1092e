package dev.keyproof.launcher.setup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.keyproof.launcher.demo.DemoAuthority;
import dev.keyproof.launcher.home.Config;
import dev.keyproof.launcher.home.Home;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.home.Ports;
import dev.keyproof.launcher.home.Secrets;
import dev.keyproof.launcher.parts.KafkaAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Renders each part's configuration from the installation's. Nothing here is for an operator to change: it is written anew at each start. */
public final class PartConfigs {
    private static final String BROKER = "broker-1";
    private static final String AUDIENCE = Identities.AUDIENCE;

    private final Home home;
    private final Config config;
    private final Secrets secrets;
    private final Identities identities;
    private final PolicyFile policy;
    private final KafkaAccess kafka;

    public PartConfigs(Home home, Config config, Secrets secrets, Identities identities, PolicyFile policy) {
        this.home = home;
        this.config = config;
        this.secrets = secrets;
        this.identities = identities;
        this.policy = policy;
        this.kafka = new KafkaAccess(config.ports().kafka(), secrets);
    }

    /** The file of a part's configuration. */
    public Path file(String part) {
        return home.partConfigs().resolve(part + ".yaml");
    }

    /** The folder of the broker's journal. */
    public Path journal() {
        return home.journal().resolve(BROKER);
    }

    /** The folder of the time-stamp authority. */
    public Path authority() {
        return home.demo().resolve("tsa");
    }

    /** The broker's configuration, for Spring. */
    public void broker(SoftToken token) throws LauncherException {
        Ports ports = config.ports();
        write(
                "broker",
                Map.of(
                        "server", Map.of("port", ports.broker(), "address", "127.0.0.1"),
                        "spring",
                                Map.of(
                                        "datasource",
                                        Map.of(
                                                "url",
                                                "jdbc:postgresql://127.0.0.1:" + ports.postgres() + "/keyproof",
                                                "username",
                                                "broker")),
                        "keyproof",
                                Map.of(
                                        "source", BROKER,
                                        "home", home.root().toString(),
                                        "token",
                                                Map.of(
                                                        "module",
                                                                SoftToken.module()
                                                                        .toString(),
                                                        "label", token.label(),
                                                        "pin-file",
                                                                token.pinFile().toString()),
                                        "jwt",
                                                Map.of(
                                                        "jwks",
                                                        identities
                                                                .issuerKeys()
                                                                .toUri()
                                                                .toString(),
                                                        "issuer",
                                                        Identities.ISSUER,
                                                        "audience",
                                                        AUDIENCE),
                                        "policy", policy.settings(),
                                        "approvers", identities.approverKeys().toString(),
                                        "database",
                                                Map.of(
                                                        "password-file",
                                                        secrets.ensure("postgres-broker.password")
                                                                .toString()),
                                        "drain", "0s")));
    }

    /** The collector's configuration. */
    public void collector() throws LauncherException {
        write(
                "collector",
                Map.of(
                        "kafka", kafka.client("collector"),
                        "http", Map.of("port", config.ports().collector()),
                        "journals", List.of(Map.of("directory", journal().toString())),
                        "cloudtrail",
                                List.of(Map.of(
                                        "directory",
                                        home.cloudTrail().toString(),
                                        "source",
                                        "cloudtrail",
                                        "scanMillis",
                                        500))));
    }

    /** A configuration with which the topics are counted. */
    public Path census() throws LauncherException {
        write("census", Map.of("kafka", kafka.client("census")));
        return file("census");
    }

    /** The stream job's configuration. */
    public void stream() throws LauncherException {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("kafka", kafka.client("stream"));
        settings.put("group", "stream");
        settings.put("transactions", "stream");
        settings.put("policy", policy.settings());
        settings.put(
                "checkpoints",
                Map.of("directory", home.flink().resolve("checkpoints").toString()));
        settings.put("flink", Map.of("restPort", config.ports().flink()));
        settings.put("http", Map.of("port", config.ports().stream()));
        write("stream", settings);
    }

    /** The alert feed's configuration. */
    public void alertFeed() throws LauncherException {
        write(
                "alert-feed",
                Map.of(
                        "kafka", kafka.client("alert-feed"),
                        "http",
                                Map.of(
                                        "port",
                                        config.ports().alertFeed(),
                                        "tokenFile",
                                        secrets.ensure("alert-feed.token").toString()),
                        "webhooks",
                                List.of(Map.of(
                                        "name",
                                        "demo-receiver",
                                        "url",
                                        "http://127.0.0.1:" + config.ports().demo() + "/webhook",
                                        "secretFile",
                                        webhookSecret().toString()))));
    }

    /** The evidence service's configuration. */
    public void evidence(SoftToken token) throws LauncherException {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("name", config.name());
        settings.put("home", home.root().toString());
        settings.put("http", Map.of("port", config.ports().evidence()));
        settings.put("kafka", kafka.client("evidence"));
        settings.put("log", Map.of("immutable", config.log().immutable()));
        settings.put(
                "token",
                Map.of(
                        "module", SoftToken.module().toString(),
                        "label", token.label(),
                        "pinFile", token.pinFile().toString()));
        settings.put("journals", List.of(journal().resolve("journal-key.vkey").toString()));
        settings.put(
                "jwt",
                Map.of(
                        "jwks",
                        identities.issuerKeys().toUri().toString(),
                        "issuer",
                        Identities.ISSUER,
                        "audience",
                        AUDIENCE,
                        "algorithms",
                        List.of("ES256")));
        settings.put(
                "tsa",
                Map.of(
                        "url",
                        "http://127.0.0.1:" + config.ports().demo() + "/tsa",
                        "chain",
                        DemoAuthority.chainFile(authority()).toString(),
                        "intervalSeconds",
                        30));
        settings.put("policies", List.of(policy.file().toString()));
        settings.put("policySignature", Map.of("key", policy.key().toString(), "algorithm", "RS256"));
        settings.put(
                "search", Map.of("url", "http://127.0.0.1:" + config.ports().opensearch()));
        settings.put("approvers", identities.approverKeys().toString());
        settings.put("approvalAudience", AUDIENCE);
        if (Files.exists(home.witnesses())) {
            settings.put("witnesses", section(home.witnesses()));
        }
        if (Files.exists(home.remote())) {
            settings.put("remote", section(home.remote()));
        }
        write("evidence", settings);
    }

    private static JsonNode section(Path file) throws LauncherException {
        try {
            return new YAMLMapper().readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw LauncherException.because(file + " cannot be read as YAML", e);
        }
    }

    /** The indexer's configuration. */
    public void indexer() throws LauncherException {
        write(
                "indexer",
                Map.of(
                        "kafka", kafka.client("indexer"),
                        "opensearch",
                                Map.of(
                                        "url",
                                        "http://127.0.0.1:" + config.ports().opensearch()),
                        "http", Map.of("port", config.ports().indexer())));
    }

    /** The console's configuration, for Spring. */
    public void console() throws LauncherException {
        Ports ports = config.ports();
        Map<String, String> health = new LinkedHashMap<>();
        health.put("broker", health(ports.broker()));
        health.put("collector", health(ports.collector()));
        health.put("stream", health(ports.stream()));
        health.put("alert-feed", health(ports.alertFeed()));
        health.put("evidence", health(ports.evidence()));
        health.put("indexer", health(ports.indexer()));
        write(
                "console",
                Map.of(
                        "server", Map.of("port", ports.console(), "address", "127.0.0.1"),
                        "keyproof",
                                Map.of(
                                        "console",
                                        Map.of(
                                                "opensearch",
                                                Map.of("url", "http://127.0.0.1:" + ports.opensearch()),
                                                "evidence",
                                                "http://127.0.0.1:" + ports.evidence(),
                                                "parts",
                                                health,
                                                "jwt",
                                                Map.of(
                                                        "jwks",
                                                        identities
                                                                .issuerKeys()
                                                                .toUri()
                                                                .toString(),
                                                        "issuer",
                                                        Identities.ISSUER,
                                                        "audience",
                                                        AUDIENCE)))));
    }

    /** The demonstration services' configuration. */
    public void demoServices() throws LauncherException {
        try {
            Home.makePrivate(authority());
        } catch (IOException e) {
            throw LauncherException.because("cannot make " + authority(), e);
        }
        write(
                "demo-services",
                Map.of(
                        "port", config.ports().demo(),
                        "authority", authority().toString(),
                        "webhookSecretFile", webhookSecret().toString(),
                        "received", home.demo().resolve("received.ids").toString()));
    }

    private Path webhookSecret() throws LauncherException {
        return secrets.ensure(
                "webhook.secret", bytes -> "whsec_" + Base64.getEncoder().encodeToString(bytes));
    }

    private static String health(int port) {
        return "http://127.0.0.1:" + port + "/health";
    }

    private void write(String part, Map<String, ?> settings) throws LauncherException {
        try {
            String yaml = YAMLMapper.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .build()
                    .writeValueAsString(settings);
            Secrets.writePrivate(file(part), yaml);
        } catch (JsonProcessingException e) {
            throw LauncherException.because("cannot render the configuration of " + part, e);
        } catch (IOException e) {
            throw LauncherException.because("cannot write " + file(part), e);
        }
    }
}
