package dev.keyproof.broker.approval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.call.Persons;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** Which entries of a book that anybody may have written are believed. */
class EnrolledTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectNode PERSONS = JSON.createObjectNode();

    static {
        PERSONS.putArray("Alice").add("alice").add("token-of-alice");
        PERSONS.putArray("Dora").add("dora").add("dd");
    }

    /** Its rows in memory. */
    private static final class TestingBook extends ApproverBook {
        final List<BookEntry> entries = new ArrayList<>();

        TestingBook() {
            super(JdbcClient.create(new DriverManagerDataSource()), new TransactionTemplate());
        }

        @Override
        List<BookEntry> entries() {
            return List.copyOf(entries);
        }

        void add(String operation, String document, @Nullable String evidence) {
            entries.add(new BookEntry(entries.size() + 1, operation, document, evidence, "broker-1", "E", 0));
        }
    }

    /** What every record says. */
    private static final class TestingSealing implements Sealing {
        final List<String> told = new ArrayList<>();
        Word word = Word.OWN;

        @Override
        public Word of(BookEntry entry) {
            return word;
        }

        @Override
        public void tampered(BookEntry entry, String what) {
            told.add(entry.number() + ": " + what);
        }
    }

    @TempDir
    Path dir;

    private final TestingBook book = new TestingBook();
    private final TestingSealing sealing = new TestingSealing();
    private final List<String> judged = new ArrayList<>();
    private final TestingSigner alice = TestingSigner.p256("alice");
    private final TestingSigner bob = TestingSigner.ed25519("bob");
    private final TestingSigner dora = TestingSigner.p256("dora");
    private final Enrolled enrolled;

    EnrolledTest() throws Exception {
        enrolled = enrolled(Approvers.none());
    }

    private Enrolled enrolled(Approvers configured) throws Exception {
        return new Enrolled(
                book, sealing, configured, new SignatureCheck(null), new Persons(() -> PERSONS), "prod", said -> {
                    judged.add(said.path("requester").asText() + " "
                            + said.path("approver").asText() + " "
                            + said.path("approvers").findValuesAsText("id"));
                    return said.path("approvers").size() >= 2;
                });
    }

    private void first(TestingSigner... signers) throws Exception {
        for (TestingSigner signer : signers) {
            book.add(BookEntry.ENROL, signer.approver("custodian").canonical(), null);
        }
    }

    /** Evidence of an approval, as records carry it. */
    private static String evidence(String id, String statement, TestingSigner... signers) throws Exception {
        ObjectNode evidence = JSON.createObjectNode().put("approval", id).put("statement", statement);
        var jws = evidence.putArray("jws");
        for (TestingSigner signer : signers) {
            jws.add(signer.sign(statement).compact());
        }
        return evidence.toString();
    }

    private static String statement(String id, String operation, ObjectNode parameters, String requester)
            throws Exception {
        return Statement.of("prod", id, operation, "", parameters, "CHG-1", requester, Instant.ofEpochSecond(1000));
    }

    private String enrolment(Approver of, String requester, TestingSigner... signers) throws Exception {
        return evidence("01A", statement("01A", BookEntry.ENROL, of.parameters(), requester), signers);
    }

    private List<String> ids() throws Exception {
        return enrolled.now().approvers().all().stream().map(Approver::id).toList();
    }

    private void refusedLast() throws Exception {
        assertThat(ids()).containsExactly("alice", "bob");
        assertThat(enrolled.now().entries()).isEqualTo(2);
        assertThat(sealing.told).as("told of once").containsExactly("3: no record, or no approval, says so");
    }

    @Test
    void whoIsApprovedByOthersIsAnApprover() throws Exception {
        first(alice, bob);
        Approver of = dora.approver("custodian", "security");
        book.add(BookEntry.ENROL, of.canonical(), enrolment(of, "rita", alice, bob));

        assertThat(ids()).containsExactly("alice", "bob", "dora");
        assertThat(enrolled.now().entries()).isEqualTo(3);
        assertThat(enrolled.now().approvers().find("dora")).contains(of);
        assertThat(sealing.told).isEmpty();
    }

    @Test
    void whoIsRevokedByOthersIsOneNoLonger() throws Exception {
        first(alice, bob, dora);
        ObjectNode parameters = JSON.createObjectNode().put("approver", "dora");
        book.add(
                BookEntry.REVOKE,
                parameters.toString(),
                evidence("01A", statement("01A", BookEntry.REVOKE, parameters, "rita"), alice));

        assertThat(ids()).containsExactly("alice", "bob");
        assertThat(sealing.told).isEmpty();
    }

    @Test
    void aRevocationThatNobodySignedIsTold() throws Exception {
        first(alice, bob);
        book.add(BookEntry.REVOKE, "{\"approver\":\"bob\"}", null);

        refusedLast();
    }

    @Test
    void neitherRequesterNorWhoIsConcernedCounts() throws Exception {
        first(alice, bob);
        Approver of = dora.approver("custodian");
        book.add(BookEntry.ENROL, of.canonical(), enrolment(of, "token-of-alice", bob, alice));
        refusedLast();
    }

    @Test
    void whoIsConcernedDoesNotApproveTheOwnNewKey() throws Exception {
        first(alice, bob);
        Approver of = TestingSigner.p256("bob").approver("custodian", "security");
        book.add(BookEntry.ENROL, of.canonical(), enrolment(of, "rita", bob));
        refusedLast();
    }

    @Test
    void onePersonCountsOnce() throws Exception {
        first(alice, bob);
        Approver of = dora.approver("custodian");
        book.add(BookEntry.ENROL, of.canonical(), enrolment(of, "rita", alice, alice));
        refusedLast();
    }

    @Test
    void anApprovalWithoutSignaturesIsNone() throws Exception {
        first(alice, bob);
        Approver of = dora.approver("custodian");
        book.add(BookEntry.ENROL, of.canonical(), enrolment(of, "rita"));
        refusedLast();
    }

    @Test
    void whoIsNoApproverApprovesNothing() throws Exception {
        first(alice, bob);
        Approver of = TestingSigner.p256("eve").approver("custodian");
        book.add(BookEntry.ENROL, of.canonical(), enrolment(of, "rita", dora));
        refusedLast();
    }

    @Test
    void whatWasSignedMustBeExactlyThis() throws Exception {
        first(alice, bob);
        Approver signed = dora.approver("custodian");
        book.add(
                BookEntry.ENROL,
                dora.approver("custodian", "security").canonical(),
                enrolment(signed, "rita", alice, bob));
        refusedLast();
    }

    @Test
    void whatAPeerEnteredTakesWhatPolicyAsksFor() throws Exception {
        first(alice, bob);
        assertThat(ids()).containsExactly("alice", "bob");
        sealing.word = Sealing.Word.PEER;
        Approver of = dora.approver("custodian");
        book.add(BookEntry.ENROL, of.canonical(), enrolment(of, "rita", alice));
        refusedLast();

        book.entries.removeLast();
        book.add(BookEntry.ENROL, of.canonical(), enrolment(of, "rita", alice, bob));

        assertThat(ids()).containsExactly("alice", "bob", "dora");
        assertThat(judged).contains("rita dora [alice]", "rita dora [alice, bob]");
    }

    @Test
    void oneApprovalEnrolsOnce() throws Exception {
        first(alice, bob);
        Approver of = dora.approver("custodian");
        String evidence = enrolment(of, "rita", alice);
        book.add(BookEntry.ENROL, of.canonical(), evidence);
        book.add(BookEntry.ENROL, of.canonical(), evidence);

        assertThat(enrolled.now().entries()).isEqualTo(3);
        assertThat(sealing.told).containsExactly("4: no record, or no approval, says so");
    }

    @Test
    void nobodyIsAFirstApproverAfterAnApproval() throws Exception {
        first(alice);
        Approver of = dora.approver("custodian");
        book.add(BookEntry.ENROL, of.canonical(), enrolment(of, "rita", alice));
        first(bob);

        assertThat(ids()).containsExactly("alice", "dora");
        assertThat(sealing.told).containsExactly("3: no record, or no approval, says so");
    }

    @Test
    void whatNoRecordSaysIsNotBelieved() throws Exception {
        sealing.word = Sealing.Word.NONE;
        first(alice);

        assertThat(ids()).isEmpty();
        assertThat(sealing.told).containsExactly("1: no record, or no approval, says so");
    }

    @Test
    void aPeersFirstApproversAreThoseOfTheOwnFile() throws Exception {
        sealing.word = Sealing.Word.PEER;
        first(alice);

        assertThat(ids()).isEmpty();
        assertThat(enrolled(Approvers.none().with(alice.approver("security")))
                        .now()
                        .entries())
                .as("with other roles")
                .isZero();
        assertThat(enrolled(Approvers.none().with(alice.approver("custodian")))
                        .now()
                        .entries())
                .isOne();
    }

    @Test
    void entriesOfAnotherFormAreNotBelieved() throws Exception {
        first(alice, bob);
        String document = dora.approver("custodian").canonical();
        for (BookEntry odd : List.of(
                new BookEntry(3, "AddApprover", document, null, "broker-1", "E", 0),
                new BookEntry(3, BookEntry.ENROL, document + " ", null, "broker-1", "E", 0),
                new BookEntry(3, BookEntry.ENROL, "{", null, "broker-1", "E", 0),
                new BookEntry(3, BookEntry.ENROL, "{}", null, "broker-1", "E", 0),
                new BookEntry(4, BookEntry.ENROL, document, null, "broker-1", "E", 0),
                // Alice's key under another name.
                new BookEntry(
                        3,
                        BookEntry.ENROL,
                        Approver.of("al", alice.jwk(), List.of("custodian"), null, null)
                                .canonical(),
                        null,
                        "broker-1",
                        "E",
                        0))) {
            book.entries.add(odd);
            assertThat(enrolled.now().entries()).as("%s", odd).isEqualTo(2);
            book.entries.removeLast();
        }
        first(dora);
        assertThat(ids()).containsExactly("alice", "bob", "dora");
    }

    @Test
    void whatWasBelievedOnceStays() throws Exception {
        first(alice, bob);
        assertThat(ids()).containsExactly("alice", "bob");

        BookEntry gone = book.entries.removeLast();
        assertThat(ids()).containsExactly("alice", "bob");
        assertThat(sealing.told).containsExactly("2: it is not in the book any more, or is another there");

        book.entries.add(gone);
        book.entries.set(0, gone.at("broker-2", "E", 0));
        assertThat(ids()).containsExactly("alice", "bob");
        assertThat(sealing.told)
                .containsExactly(
                        "2: it is not in the book any more, or is another there",
                        "1: it is not in the book any more, or is another there");
    }

    @Test
    void theFirstApproversAreReadFromAFile() throws Exception {
        Path file = dir.resolve("approvers.json");
        ObjectNode bobs = (ObjectNode) JSON.readTree(bob.jwk().toJSONString());
        bobs.putArray("roles").add("security");
        bobs.putObject("webauthn").put("credential", "AAAA").put("rpId", "example.org");
        Files.writeString(file, "{\"keys\":[" + alice.jwk().toJSONString() + "," + bobs + "]}");

        Approvers read = Approvers.read(file);

        assertThat(read.all()).extracting(Approver::id).containsExactly("alice", "bob");
        assertThat(read.find("alice")).contains(alice.approver("custodian"));
        assertThat(read.find("bob").orElseThrow().roles()).containsExactly("security");
        assertThat(read.find("bob").orElseThrow().passkey()).isEqualTo(new Passkey("AAAA", "example.org", null));
        assertThat(read.byCredential("AAAA")).isEqualTo(read.find("bob"));
        assertThat(read.byCredential("AAAB")).isEmpty();
    }
}
