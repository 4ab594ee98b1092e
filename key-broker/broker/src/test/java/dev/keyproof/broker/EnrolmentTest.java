package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The first approvers are enrolled together, or nobody is: with some of them alone, the others would never be. */
@Tag("server")
class EnrolmentTest {
    @Test
    void anEnrolmentThatBreaksOffIsDoneAgainAsAWhole() throws Exception {
        try (TestHome home = TestHome.create()) {
            // Given: nobody is enrolled, and the database fails at the second
            try (BrokerProcess broker = home.start()) {
                assertThat(broker.base()).isNotNull();
            }
            home.execute("DELETE FROM approver_entry;"
                    + " CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;"
                    + " CREATE TRIGGER refuse BEFORE INSERT ON approver_entry FOR EACH ROW"
                    + " WHEN (NEW.document LIKE '%bob%') EXECUTE FUNCTION refuse()");

            // When
            try (BrokerProcess broker = BrokerProcess.start(home, TestHome.freePort())) {
                assertThat(broker.awaitExit()).isNotZero();
            }

            // Then
            assertThat(home.select("SELECT count(*) FROM approver_entry")).isEqualTo("0");
            home.execute("DROP TRIGGER refuse ON approver_entry; DROP FUNCTION refuse");
            try (BrokerProcess broker = home.start()) {
                assertThat(
                                home.select(
                                        "SELECT string_agg(document::jsonb ->> 'approver', ' ' ORDER BY number) FROM approver_entry"))
                        .isEqualTo("alice bob carol");
                assertThat(broker.base()).isNotNull();
            }
        }
    }
}
