package dev.keyproof.launcher.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.keyproof.launcher.home.Config;
import dev.keyproof.launcher.home.Home;
import dev.keyproof.launcher.home.Secrets;
import dev.keyproof.launcher.parts.Checkout;
import dev.keyproof.launcher.parts.KafkaUser;
import dev.keyproof.launcher.process.Spawner;
import dev.keyproof.policy.BundleTrust;
import dev.keyproof.policy.PolicyBundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PartConfigsTest {
    @TempDir
    private Path dir;

    @Test
    void whatAnOperatorAsksOfTheLogReachesTheEvidenceService() throws Exception {
        // Given
        Home home = Home.at(dir.resolve("home"));
        home.create();
        Config.readOrMake(home.configFile(), 30_000);
        Files.writeString(
                home.configFile(), Files.readString(home.configFile()).replace("immutable: false", "immutable: true"));

        // When
        JsonNode evidence = evidence(home, Config.readOrMake(home.configFile(), 30_000));

        // Then
        assertThat(evidence.at("/log/immutable").isBoolean()).isTrue();
        assertThat(evidence.at("/log/immutable").asBoolean()).isTrue();
    }

    @Test
    void theBucketOfTheCopyIsTheOperatorsFileWhereThereIsOne() throws Exception {
        // Given
        Home home = Home.at(dir.resolve("home"));
        home.create();
        Config config = Config.readOrMake(home.configFile(), 30_000);
        assertThat(evidence(home, config).has("remote")).isFalse();

        // When
        Files.writeString(home.remote(), "{url: \"s3://evidence/one\", retentionDays: 3650}");

        // Then
        JsonNode remote = evidence(home, config).path("remote");
        assertThat(remote.path("url").asText()).isEqualTo("s3://evidence/one");
        assertThat(remote.path("retentionDays").asInt()).isEqualTo(3650);
    }

    /** What the parts are told is enough to take the policy that is installed, and no other. */
    @Test
    void thePolicyIsVerifiedByTheKeyThatThePartsAreTold() throws Exception {
        // Given
        Home home = Home.at(dir.resolve("home"));
        home.create();
        Config config = Config.readOrMake(home.configFile(), 30_000);
        Path overlays = Files.createDirectories(home.root().resolve("policy/overlays"));
        Files.writeString(overlays.resolve("own.json"), "{\"destruction\":{\"minimumDays\":9}}");

        // When
        new PolicyFile(home, Checkout.current()).ensure();

        // Then
        JsonNode evidence = evidence(home, config);
        BundleTrust trust = BundleTrust.of(
                Path.of(evidence.at("/policySignature/key").asText()),
                evidence.at("/policySignature/algorithm").asText(),
                false);
        PolicyBundle installed = trust.read(Path.of(evidence.at("/policies/0").asText()));
        assertThat(installed
                        .data()
                        .at("/keyproof/parameters/destruction/minimumDays")
                        .asInt())
                .isEqualTo(9);
    }

    private static JsonNode evidence(Home home, Config config) throws Exception {
        Secrets secrets = new Secrets(home.secrets(), new SecureRandom());
        secrets.ensure(KafkaUser.passwordFile("evidence"));
        Checkout checkout = Checkout.current();
        PartConfigs configs = new PartConfigs(
                home, config, secrets, new Identities(home, InstantSource.system()), new PolicyFile(home, checkout));
        configs.evidence(new SoftToken(home, checkout, secrets, new Spawner(), "evidence"));
        return new YAMLMapper().readTree(Files.readAllBytes(configs.file("evidence")));
    }
}
