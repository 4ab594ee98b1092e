package dev.keyproof.broker;

import dev.keyproof.broker.config.BrokerProperties;
import dev.keyproof.broker.config.ConfigurationFault;
import dev.keyproof.broker.device.BirthRecords;
import dev.keyproof.broker.device.Ceremonies;
import dev.keyproof.broker.device.DeviceObjects;
import dev.keyproof.broker.device.DeviceWatch;
import dev.keyproof.broker.device.FirstStart;
import dev.keyproof.broker.device.TokenEvents;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.operation.Settlement;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.provider.KeyProvider;
import dev.keyproof.broker.provider.TracedProvider;
import dev.keyproof.broker.provider.pkcs11.JournalKey;
import dev.keyproof.broker.provider.pkcs11.Pkcs11Provider;
import dev.keyproof.broker.trace.Traces;
import dev.keyproof.log.LogException;
import dev.keyproof.log.journal.Journal;
import dev.keyproof.pkcs11.Device;
import dev.keyproof.pkcs11.Token;
import dev.keyproof.pkcs11.TokenException;
import dev.keyproof.pkcs11.TokenGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The tokens: opened, their journal key made, what they hold watched. */
@Configuration(proxyBeanMethods = false)
class DeviceConfiguration {
    /** How often each token of a group is asked whether it serves. */
    private static final Duration TOKEN_LOOK = Duration.ofSeconds(1);

    @Bean
    TokenEvents tokenEvents() {
        return new TokenEvents();
    }

    @Bean
    Device device(BrokerProperties.Checked settings, Clock clock, TokenEvents events) {
        try {
            return settings.importedRoot()
                    ? TokenGroup.open(settings.tokens(), TOKEN_LOOK, clock, events)
                    : Token.open(settings.tokens().getFirst());
        } catch (TokenException e) {
            throw new ConfigurationFault("keyproof.token: " + e.getMessage(), e);
        }
    }

    @Bean
    KeyProvider provider(Device device, DeviceObjects book, Traces traces) {
        try {
            Pkcs11Provider provider = Pkcs11Provider.of(device, book);
            return traces.on() ? new TracedProvider(provider, traces) : provider;
        } catch (TokenException e) {
            throw new ConfigurationFault(String.valueOf(e.getMessage()), e);
        }
    }

    /** Asked before anything is recorded. */
    @Bean
    FirstStart firstStart(Journal journal) {
        return new FirstStart(journal.size() == 0);
    }

    /** Its public half lies beside the journal, for who verifies the heads. */
    @Bean
    JournalKey journalKey(Device device, BrokerProperties.Checked settings, Journal journal) {
        try {
            JournalKey key = JournalKey.of(device, journal.source());
            Path folder = settings.journalFolder();
            Files.writeString(folder.resolve("journal-key.vkey"), key.verifier().vkey() + "\n");
            Files.writeString(
                    folder.resolve("journal-key.pem"),
                    "-----BEGIN PUBLIC KEY-----\n"
                            + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                                    .encodeToString(key.verifier().key().getEncoded())
                            + "\n-----END PUBLIC KEY-----\n");
            return key;
        } catch (TokenException | LogException | IOException e) {
            throw new ConfigurationFault("the journal's key cannot be used: " + e.getMessage(), e);
        }
    }

    /** With it, what the tokens hold is known, and ceremonies are on the record. */
    @Bean
    DeviceWatch deviceWatch(
            BrokerProperties.Checked settings,
            Device device,
            DeviceObjects book,
            BirthRecords births,
            JournalKey journalKey,
            Ceremonies ceremonies,
            Recorder recorder,
            FirstStart first,
            Settlement settled) {
        ceremonies.record(settings.ceremonies(), recorder);
        DeviceWatch watch = new DeviceWatch(
                () -> {
                    try {
                        return device.inventories();
                    } catch (TokenException e) {
                        throw new ProblemException(
                                Problem.PROVIDER_UNAVAILABLE, "the token does not show what it holds", e);
                    }
                },
                book,
                births,
                settings.peers(),
                recorder);
        try {
            journalKey.noteIn(book);
            if (settings.adoptsTokens() || (first.yes() && book.isEmpty())) {
                watch.adopt();
            }
        } catch (ProblemException e) {
            throw new ConfigurationFault("what the tokens hold cannot be written down: " + e.detail(), e);
        }
        return watch;
    }
}
