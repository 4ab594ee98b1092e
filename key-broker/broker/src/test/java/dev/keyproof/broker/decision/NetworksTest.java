package dev.keyproof.broker.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.keyproof.broker.config.ConfigurationFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {
    @TempDir
    Path dir;

    private Path table(String lines) throws Exception {
        return Files.writeString(dir.resolve("networks"), lines);
    }

    @Test
    void theLongestPrefixCounts() throws Exception {
        Networks networks = new Networks(table("""
                # documentation

                192.0.2.0/24 64500
                  192.0.2.128/25   64501
                192.0.2.129/32 4294967295
                2001:db8::/32 64502
                """));

        assertThat(networks.system("192.0.2.1")).isEqualTo(64500);
        assertThat(networks.system("192.0.2.127")).isEqualTo(64500);
        assertThat(networks.system("192.0.2.128")).isEqualTo(64501);
        assertThat(networks.system("192.0.2.129")).isEqualTo(4294967295L);
        assertThat(networks.system("192.0.2.129")).as("from memory").isEqualTo(4294967295L);
        assertThat(networks.system("192.0.3.1")).isNull();
        assertThat(networks.system("2001:db8:1::1")).isEqualTo(64502);
        assertThat(networks.system("2001:db9::1")).isNull();
        assertThat(networks.system("localhost")).isNull();
    }

    @Test
    void theWholeOfAFamilyIsNotTheOther() throws Exception {
        Networks networks = new Networks(table("0.0.0.0/0 1\n2001:db8::1/128 3\n"));

        assertThat(networks.system("255.255.255.255")).isEqualTo(1);
        assertThat(networks.system("2001:db8::1")).isEqualTo(3);
        assertThat(networks.system("2001:db8::2")).isNull();
    }

    @Test
    void withoutTableNothingIsKnown() {
        assertThat(new Networks(null).system("192.0.2.1")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.0.2.0/24",
                "192.0.2.0/24 64500 1",
                "192.0.2.0/33 64500",
                "192.0.2.0/-1 64500",
                "192.0.2.0/24 4294967296",
                "192.0.2.0/24 -1",
                "2001:db8::/129 64500",
                "example.org/24 64500",
                "192.0.2.0 64500"
            })
    void aLineThatIsNoneIsNamed(String line) throws Exception {
        Path table = table("192.0.2.0/24 64500\n" + line + "\n");

        assertThatThrownBy(() -> new Networks(table))
                .isInstanceOf(ConfigurationFault.class)
                .hasMessageContaining("keyproof.networks: ")
                .hasMessageContaining("line 2: is not PREFIX ASN");
    }

    @Test
    void aTableThatIsMissingIsAFault() {
        assertThatThrownBy(() -> new Networks(dir.resolve("none"))).isInstanceOf(ConfigurationFault.class);
    }

    @Test
    void aTableThatChangesIsReadAgainAndADamagedOneIsNot() throws Exception {
        Path table = table("192.0.2.0/24 1\n");
        Networks networks = new Networks(table);
        assertThat(networks.system("192.0.2.1")).isEqualTo(1);

        table("192.0.2.0/24 2\n");
        Files.setLastModifiedTime(table, FileTime.fromMillis(1000));
        assertThat(networks.system("192.0.2.1"))
                .as("not looked at for each call")
                .isEqualTo(1);
        await().untilAsserted(() -> assertThat(networks.system("192.0.2.1")).isEqualTo(2));

        table("nonsense\n");
        await().during(java.time.Duration.ofMillis(1200))
                .atMost(java.time.Duration.ofSeconds(3))
                .untilAsserted(() -> assertThat(networks.system("192.0.2.1")).isEqualTo(2));
    }
}
