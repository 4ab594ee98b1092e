package dev.keyproof.evidence.seal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.note.NoteVerifier;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
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
        byte[] entry = new LogEvents(InstantSource.system()).signers(ORIGIN, 2, keys);

        // When
        JsonNode event = new ObjectMapper().readTree(entry);

        // Then
        assertThat(LogEvents.handsOver(event, ORIGIN, 2, keys)).isTrue();
        assertThat(LogEvents.handsOver(event, ORIGIN, 3, keys)).isFalse();
        assertThat(LogEvents.handsOver(event, ORIGIN + "7", 2, keys)).isFalse();
        assertThat(LogEvents.handsOver(event, ORIGIN, 2, List.of())).isFalse();
        ObjectNode otherUid = event.deepCopy();
        otherUid.withObject("/metadata").put("uid", "log-signers-" + ORIGIN + "-3");
        assertThat(LogEvents.handsOver(otherUid, ORIGIN, 2, keys)).isFalse();
        ObjectNode otherService = event.deepCopy();
        otherService.withObject("/api/service").put("name", "broker");
        assertThat(LogEvents.handsOver(otherService, ORIGIN, 2, keys)).isFalse();
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
}
