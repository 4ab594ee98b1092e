package dev.keyproof.collector.cloudtrail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.EventCodec;
import dev.keyproof.event.testing.OcsfSchema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CloudTrailMappingTest {
    private final EventCodec codec = new EventCodec();
    private final CloudTrailMapping mapping = new CloudTrailMapping(codec, "aws-prod");

    @Test
    void aDecryptKeepsEverythingThatItsRecordSays() throws Exception {
        JsonNode event = mapped(Records.decrypt(11));

        assertThat(event.toString())
                .isEqualTo("{\"class_uid\":6003,\"category_uid\":6,\"type_uid\":600399,\"activity_id\":99,"
                        + "\"activity_name\":\"Decrypt\",\"time\":1793613601000,\"severity_id\":1,\"status_id\":1,"
                        + "\"metadata\":{\"version\":\"1.8.0\",\"uid\":\"c1a7e3f0-0000-4000-8000-000000000011\","
                        + "\"product\":{\"name\":\"CloudTrail\",\"vendor_name\":\"AWS\"},\"source\":\"aws-prod\",\"sequence\":7,"
                        + "\"original_event_uid\":\"c1a7e3f0-0000-4000-8000-000000000011\","
                        + "\"original_time\":\"2026-11-02T10:00:01Z\",\"logged_time\":1793613840000,"
                        + "\"event_code\":\"AwsApiCall\",\"log_version\":\"1.11\",\"log_provider\":\"aws.cloudtrail\","
                        + "\"profiles\":[\"cloud\"]},\"actor\":{\"user\":{"
                        + "\"uid\":\"arn:aws:sts::111122223333:assumed-role/broker/broker-1\","
                        + "\"uid_alt\":\"AROAEXAMPLE:broker-1\",\"type\":\"AssumedRole\",\"type_id\":99,"
                        + "\"credential_uid\":\"ASIAEXAMPLE\",\"account\":{\"uid\":\"111122223333\"}},\"session\":{"
                        + "\"uid_alt\":\"dana\",\"issuer\":\"arn:aws:iam::111122223333:role/broker\",\"is_mfa\":false,"
                        + "\"created_time\":1793610000000}},\"api\":{\"operation\":\"Decrypt\","
                        + "\"service\":{\"name\":\"kms.amazonaws.com\"},\"request\":{"
                        + "\"uid\":\"7d0c1a52-0000-4000-8000-000000000011\",\"data\":{"
                        + "\"encryptionAlgorithm\":\"SYMMETRIC_DEFAULT\",\"encryptionContext\":{\"tenant\":\"a\"}}}},"
                        + "\"src_endpoint\":{\"ip\":\"198.51.100.4\"},\"http_request\":{\"user_agent\":\"aws-sdk-java/2.57.8\"},"
                        + "\"cloud\":{\"provider\":\"AWS\",\"region\":\"eu-west-1\",\"account\":{\"uid\":\"111122223333\"}},"
                        + "\"resources\":[{\"uid\":\"" + Records.KEY + "\",\"type\":\"AWS::KMS::Key\",\"role_id\":1,"
                        + "\"owner\":{\"account\":{\"uid\":\"111122223333\"}}}],\"unmapped\":{\"keyproof\":{"
                        + "\"kind\":\"observed\",\"epoch\":\"abcd\",\"detail\":{\"operation\":\"Decrypt\","
                        + "\"object\":\"f.json.gz\"}},\"additionalEventData\":{\"keyMaterialId\":\"9f3c\"},\"readOnly\":true,"
                        + "\"tlsDetails\":{\"keyExchange\":\"X25519MLKEM768\"}}}");
    }

    @ParameterizedTest
    @CsvSource({
        "CreateKey,1,Create,CreateKey",
        "ReplicateKey,1,Create,CreateKey",
        "ImportKeyMaterial,1,Create,ImportKey",
        "CreateGrant,1,Create,CreateGrant",
        "CreateAlias,1,Create,CreateAlias",
        "DescribeKey,2,Read,GetKey",
        "GetKeyLastUsage,2,Read,GetKey",
        "ListKeys,2,Read,ListKeys",
        "EnableKey,3,Update,EnableKey",
        "DisableKey,3,Update,DisableKey",
        "PutKeyPolicy,3,Update,UpdateKey",
        "RotateKeyOnDemand,3,Update,RotateKey",
        "CancelKeyDeletion,3,Update,CancelDestruction",
        "ScheduleKeyDeletion,4,Delete,ScheduleDestruction",
        "DeleteKey,4,Delete,DestroyKey",
        "DeleteImportedKeyMaterial,4,Delete,DestroyKey",
        "DeleteExpiredKeyMaterial,4,Delete,DestroyKey",
        "RevokeGrant,4,Delete,RevokeGrant",
        "RetireGrant,4,Delete,RevokeGrant",
        "Encrypt,99,Encrypt,Encrypt",
        "Decrypt,99,Decrypt,Decrypt",
        "ReEncrypt,99,ReEncrypt,ReEncrypt",
        "Sign,99,Sign,Sign",
        "Verify,99,Verify,Verify",
        "GenerateMac,99,GenerateMac,GenerateMac",
        "GenerateDataKey,99,GenerateDataKey,GenerateDataKey",
        "GenerateDataKeyPairWithoutPlaintext,99,GenerateDataKey,GenerateDataKey",
        "DeriveSharedSecret,99,DeriveSharedSecret,DeriveSharedSecret"
    })
    void everyOperationHasItsActivityAndItsCanonicalName(String name, int id, String activity, String canonical)
            throws Exception {
        JsonNode event = mapped(Records.decrypt(1).put("eventName", name));

        assertThat(event.path("activity_id").asInt()).isEqualTo(id);
        assertThat(event.path("type_uid").asInt()).isEqualTo(600300 + id);
        assertThat(event.path("activity_name").asText()).isEqualTo(activity);
        assertThat(event.at("/api/operation").asText()).isEqualTo(name);
        assertThat(event.at("/unmapped/keyproof/detail/operation").asText()).isEqualTo(canonical);
    }

    @Test
    void aServiceEventHasNeitherRequestNorUser() throws Exception {
        JsonNode event = mapped(Records.rotation());

        assertThat(event.at("/api/request").isMissingNode()).isTrue();
        assertThat(event.path("actor").toString()).isEqualTo("{\"invoked_by\":\"AWS Internal\"}");
        assertThat(event.path("src_endpoint").toString()).isEqualTo("{\"svc_name\":\"AWS Internal\"}");
        assertThat(event.at("/unmapped/serviceEventDetails/rotationType").asText())
                .isEqualTo("AUTOMATIC");
    }

    @Test
    void aReEncryptNamesTheKeyItReadsWithFirst() throws Exception {
        ObjectNode record = Records.decrypt(1).put("eventName", "ReEncrypt");
        record.putArray("resources").add(Records.resource(Records.KEY)).add(Records.resource(Records.KEY + "2"));

        JsonNode resources = mapped(record).path("resources");

        assertThat(resources.findValuesAsText("role_id")).containsExactly("4", "1");
        assertThat(resources.findValuesAsText("uid").getFirst()).isEqualTo(Records.KEY);
    }

    @Test
    void aRefusalIsAFailureWithTheKeyAsItWasAskedFor() throws Exception {
        ObjectNode record = Records.decrypt(1).put("errorCode", "AccessDenied").put("errorMessage", "not authorized");
        record.remove("resources");
        ((ObjectNode) record.path("requestParameters")).put("keyId", "alias/orders");

        JsonNode event = mapped(record);

        assertThat(event.path("status_id").asInt()).isEqualTo(2);
        assertThat(event.at("/api/response/error").asText()).isEqualTo("AccessDenied");
        assertThat(event.at("/api/response/error_message").asText()).isEqualTo("not authorized");
        assertThat(event.at("/resources/0/uid").asText()).isEqualTo("alias/orders");
    }

    @Test
    void aCallerOfAnotherAccountIsKnownByItsPrincipal() throws Exception {
        ObjectNode record = Records.decrypt(1).put("sharedEventID", "shared-1");
        record.putObject("userIdentity")
                .put("type", "AWSAccount")
                .put("principalId", "AROAEXAMPLE:job")
                .put("accountId", "444455556666");

        JsonNode event = mapped(record);

        assertThat(event.at("/actor/user/uid").asText()).isEqualTo("AROAEXAMPLE:job");
        assertThat(event.at("/actor/user/account/uid").asText()).isEqualTo("444455556666");
        assertThat(event.at("/unmapped/sharedEventID").asText()).isEqualTo("shared-1");
    }

    @ParameterizedTest
    @CsvSource({
        "Root,2",
        "IAMUser,1",
        "Role,99",
        "FederatedUser,99",
        "AWSAccount,99",
        "IdentityCenterUser,1",
        "SAMLUser,1",
        "WebIdentityUser,1",
        "Unknown,0",
        "AWSService,3",
        "SomethingNew,99"
    })
    void everyKindOfCallerIsAnActor(String type, int id) throws Exception {
        ObjectNode record = Records.decrypt(1);
        record.putObject("userIdentity").put("type", type).put("principalId", "P");

        assertThat(mapped(record).at("/actor/user/type_id").asInt()).isEqualTo(id);
    }

    @Test
    void aPersonOfTheIdentityCentreIsKnownByTheDirectorysId() throws Exception {
        ObjectNode record = Records.decrypt(1);
        record.putObject("userIdentity")
                .put("type", "IdentityCenterUser")
                .put("accountId", "111122223333")
                .put("credentialId", "cred")
                .putObject("onBehalfOf")
                .put("userId", "person-1");

        JsonNode user = mapped(record).at("/actor/user");

        assertThat(user.path("uid").asText()).isEqualTo("person-1");
        assertThat(user.path("credential_uid").asText()).isEqualTo("cred");
    }

    @Test
    void awsOnItsOwnBehalfIsAService() throws Exception {
        ObjectNode record = Records.decrypt(1).put("sourceIPAddress", "s3.amazonaws.com");
        record.putObject("userIdentity").put("type", "AWSService").put("invokedBy", "s3.amazonaws.com");

        JsonNode event = mapped(record);

        assertThat(event.path("actor").toString()).isEqualTo("{\"invoked_by\":\"s3.amazonaws.com\"}");
        assertThat(event.path("src_endpoint").toString()).isEqualTo("{\"svc_name\":\"s3.amazonaws.com\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "198.51.100.4,ip",
        "2001:db8::17,ip",
        "::1,ip",
        "AWS Internal,svc_name",
        "cloudtrail.amazonaws.com,svc_name",
        "1234,svc_name",
        "fe80::1%eth0,svc_name"
    })
    void anAddressIsAnAddressAndTheRestAService(String from, String field) throws Exception {
        JsonNode event = mapped(Records.decrypt(1).put("sourceIPAddress", from).put("vpcEndpointId", "vpce-1"));

        assertThat(event.path("src_endpoint").toString())
                .isEqualTo("{\"" + field + "\":\"" + from + "\",\"uid\":\"vpce-1\"}");
    }

    @Test
    void aCorrectionIsKeptAndNamesWhatItCorrects() throws Exception {
        ObjectNode record = Records.decrypt(2);
        record.putObject("addendum").put("reason", "UPDATED_DATA").put("originalEventID", "event-1");

        JsonNode event = mapped(record);

        assertThat(event.at("/unmapped/addendum/reason").asText()).isEqualTo("UPDATED_DATA");
        assertThat(event.at("/unmapped/keyproof/detail/supersedes").asText()).isEqualTo("event-1");
    }

    @Test
    void aFieldNobodyKnowsYetIsKept() throws Exception {
        JsonNode event = mapped(Records.decrypt(2).put("newField", "x").put("keyproof", "forged"));

        assertThat(event.at("/unmapped/newField").asText()).isEqualTo("x");
        assertThat(event.at("/unmapped/keyproof/kind").asText()).isEqualTo("observed");
    }

    @Test
    void aRecordLargerThanAnEventLeavesItsDigests() throws Exception {
        ObjectNode record = Records.decrypt(2);
        record.putObject("requestParameters").put("policy", "p".repeat(70_000));

        Verdict verdict = map(record);

        assertThat(verdict).isInstanceOfSatisfying(Verdict.Accepted.class, accepted -> {
            assertThat(accepted.shortened()).isTrue();
            assertThat(OcsfSchema.violations(accepted.event())).isEmpty();
            assertThat(new String(accepted.event(), UTF_8)).contains("\"bytes\":70013", "sha256");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "eventVersion,2.0,eventVersion is not 1.x",
        "eventID,'',eventID is missing",
        "eventName,'',eventName is missing",
        "eventName,AttestKey,key operation is unknown",
        "eventTime,yesterday,eventTime is missing or no RFC 3339 time"
    })
    void aRecordThatIsNotUnderstoodIsRefusedWithoutItsValues(String field, String value, String reason) {
        assertThat(map(Records.decrypt(1).put(field, value))).isEqualTo(new Verdict.Refused(reason));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "1", "nonsense", "{\"eventSource\":", "{}", "{\"eventSource\":7}", "null"})
    void whatIsNoRecordIsRefused(String text) {
        assertThat(mapping.map(text.getBytes(UTF_8), place())).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void recordsOfOtherServicesAreForeign() {
        assertThat(map(Records.decrypt(1).put("eventSource", "s3.amazonaws.com")))
                .isEqualTo(new Verdict.Foreign());
    }

    private Verdict map(ObjectNode record) {
        return mapping.map(record.toString().getBytes(UTF_8), place());
    }

    private JsonNode mapped(ObjectNode record) throws Exception {
        Verdict verdict = map(record);
        assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
        byte[] event = ((Verdict.Accepted) verdict).event();
        assertThat(OcsfSchema.violations(event)).isEmpty();
        assertThat(codec.encode(codec.decode(event))).isEqualTo(event);
        return codec.tree(event);
    }

    private static CloudTrailMapping.Place place() {
        return new CloudTrailMapping.Place("f.json.gz", "abcd", 1_793_613_840_000L, 7);
    }
}
