package dev.keyproof.evidence.seal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.EventCodec;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.verify.LegalHold;
import dev.keyproof.verify.LegalHolds;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.testing.TestingYearEnd;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogEventsTest {
    private static final String ORIGIN = "keyproof/log/test/2026";

    @Test
    void onlyTheLogsOwnEntryHandsOver() throws Exception {
        // Given
        List<NoteVerifier> keys = List.of(NoteVerifier.of(
                ORIGIN,
                KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic()));
        byte[] entry = new LogEvents(InstantSource.system()).signers(ORIGIN, 2, keys, false);

        // When
        JsonNode event = new ObjectMapper().readTree(entry);

        // Then
        assertThat(SignerHandover.isTo(event, ORIGIN, 2, keys)).isTrue();
        assertThat(SignerHandover.isTo(event, ORIGIN, 3, keys)).isFalse();
        assertThat(SignerHandover.isTo(event, ORIGIN + "7", 2, keys)).isFalse();
        assertThat(SignerHandover.isTo(event, ORIGIN, 2, List.of())).isFalse();
        ObjectNode otherUid = event.deepCopy();
        otherUid.withObject("/metadata").put("uid", "log-signers-" + ORIGIN + "-3");
        assertThat(SignerHandover.isTo(otherUid, ORIGIN, 2, keys)).isFalse();
        ObjectNode otherService = event.deepCopy();
        otherService.withObject("/api/service").put("name", "broker");
        assertThat(SignerHandover.isTo(otherService, ORIGIN, 2, keys)).isFalse();
        assertThat(SignerHandover.compromised(event)).isEmpty();
        assertThat(SignerHandover.compromised(new ObjectMapper()
                        .readTree(new LogEvents(InstantSource.fixed(Instant.ofEpochMilli(7)))
                                .signers(ORIGIN, 2, keys, true))))
                .contains(Instant.ofEpochMilli(7));
    }

    /** As many as there are reads, they would fill the memory. */
    @Test
    void nobodyRemembersWhoReadWhat(@TempDir Path dir) throws Exception {
        LogEvents events = new LogEvents(InstantSource.system());
        ObjectMapper mapper = new ObjectMapper();
        JsonNode read = mapper.readTree(events.access(
                ORIGIN, "ReadRecord", Optional.empty(), false, Optional.empty(), mapper.createObjectNode()));
        JsonNode drill = mapper.readTree(events.drill(ORIGIN, "log-crash", "sha256:00", true));
        try (Places places = Places.open(dir.resolve("places"))) {
            SealedState state = new SealedState(places);

            state.entry(read, new TreeHasher().leaf(new byte[0]), 0);
            state.entry(drill, new TreeHasher().leaf(new byte[1]), 0);

            assertThat(state.hasEvent(read.at("/metadata/uid").asText())).isFalse();
            assertThat(state.hasEvent(drill.at("/metadata/uid").asText())).isTrue();
            assertThat(Entries.refusedAsEvent(read)).isPresent();
        }
    }

    @Test
    void howeverManyHoldsGoOnEachEntryIsOneThatCanBeSealed() throws Exception {
        // Given
        TestingYearEnd before = new TestingYearEnd("keyproof/log/test/2025");
        SignedHead head = SignedHead.parse(new ObjectMapper()
                .readTree(before.entry(12))
                .at("/unmapped/keyproof/detail/yearEnd/checkpoint")
                .asText());
        List<LegalHold> holds = IntStream.range(0, 500)
                .mapToObj(i -> new LegalHold("m" + i, 2025, 2030, "\u00fc".repeat(128), "log/2025", i, true))
                .toList();

        // When
        List<byte[]> entries = new LogEvents(InstantSource.system()).yearEnd(head, holds);

        // Then
        assertThat(entries).hasSizeGreaterThan(1).allMatch(entry -> entry.length <= EventCodec.MAX_BYTES);
        LegalHolds carried = new LegalHolds(TrustFile.none(), data -> Optional.empty());
        Set<String> uids = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            carried.entry("log/2026", i, entries.get(i));
            uids.add(new ObjectMapper()
                    .readTree(entries.get(i))
                    .at("/metadata/uid")
                    .asText());
        }
        assertThat(carried.state().holds()).isEqualTo(holds);
        assertThat(uids).hasSameSizeAs(entries).contains(LogEvents.yearEndUid("keyproof/log/test/2025"));
    }

    @Test
    void withoutHoldsThereIsOneEntry() throws Exception {
        SignedHead head = SignedHead.parse(new ObjectMapper()
                .readTree(new TestingYearEnd("keyproof/log/test/2025").entry(12))
                .at("/unmapped/keyproof/detail/yearEnd/checkpoint")
                .asText());

        assertThat(new LogEvents(InstantSource.system()).yearEnd(head, List.of()))
                .hasSize(1);
    }

    @Test
    void onlyTheLogsOwnEntryAnnounces() throws Exception {
        // Given
        LogEvents.YearEnds end = new LogEvents.YearEnds(2025, Instant.parse("2032-01-01T00:00:00Z"));
        JsonNode event = new ObjectMapper()
                .readTree(new LogEvents(InstantSource.system()).retentionNotice(ORIGIN, end, List.of("matter-7")));

        // Then
        assertThat(LogEvents.announced(event)).contains(end);
        ObjectNode otherService = event.deepCopy();
        otherService.withObject("/api/service").put("name", "broker");
        assertThat(LogEvents.announced(otherService)).isEmpty();
        ObjectNode otherEnd = event.deepCopy();
        otherEnd.withObject("/unmapped/keyproof/detail/retention").put("ends", "2027-01-01T00:00:00Z");
        assertThat(LogEvents.announced(otherEnd)).isEmpty();
        ObjectNode noEnd = event.deepCopy();
        noEnd.withObject("/unmapped/keyproof/detail/retention").put("ends", "soon");
        assertThat(LogEvents.announced(noEnd)).isEmpty();
    }
}
