package dev.keyproof.collector.cloudtrail;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** CloudTrail records made by hand. */
final class Records {
    static final String KEY = "arn:aws:kms:eu-west-1:111122223333:key/1b2c3d4e-0000-4000-8000-000000000001";
    static final ObjectMapper JSON = new ObjectMapper();

    private Records() {}

    /** A Decrypt as a broker's role makes it. */
    static ObjectNode decrypt(int number) {
        ObjectNode record = JSON.createObjectNode();
        record.put("eventVersion", "1.11");
        ObjectNode identity = record.putObject("userIdentity");
        identity.put("type", "AssumedRole")
                .put("principalId", "AROAEXAMPLE:broker-1")
                .put("arn", "arn:aws:sts::111122223333:assumed-role/broker/broker-1")
                .put("accountId", "111122223333")
                .put("accessKeyId", "ASIAEXAMPLE");
        ObjectNode session = identity.putObject("sessionContext");
        session.put("sourceIdentity", "dana");
        session.putObject("sessionIssuer").put("arn", "arn:aws:iam::111122223333:role/broker");
        session.putObject("attributes")
                .put("creationDate", "2026-11-02T09:00:00Z")
                .put("mfaAuthenticated", "false");
        record.put("eventTime", "2026-11-02T10:00:01Z")
                .put("eventSource", "kms.amazonaws.com")
                .put("eventName", "Decrypt")
                .put("awsRegion", "eu-west-1")
                .put("sourceIPAddress", "198.51.100.4")
                .put("userAgent", "aws-sdk-java/2.57.8");
        record.putObject("requestParameters")
                .put("encryptionAlgorithm", "SYMMETRIC_DEFAULT")
                .putObject("encryptionContext")
                .put("tenant", "a");
        record.putNull("responseElements");
        record.putObject("additionalEventData").put("keyMaterialId", "9f3c");
        record.put("requestID", "7d0c1a52-0000-4000-8000-%012d".formatted(number));
        record.put("eventID", "c1a7e3f0-0000-4000-8000-%012d".formatted(number));
        record.put("readOnly", true);
        record.putArray("resources").add(resource(KEY));
        record.put("eventType", "AwsApiCall");
        record.put("recipientAccountId", "111122223333");
        record.putObject("tlsDetails").put("keyExchange", "X25519MLKEM768");
        return record;
    }

    static ObjectNode resource(String arn) {
        return JSON.createObjectNode()
                .put("accountId", "111122223333")
                .put("type", "AWS::KMS::Key")
                .put("ARN", arn);
    }

    /** A service event: no request id, no user. */
    static ObjectNode rotation() {
        ObjectNode record = decrypt(12);
        record.remove(List.of("requestID", "tlsDetails", "additionalEventData", "userIdentity"));
        record.putNull("requestParameters");
        record.putObject("userIdentity").put("accountId", "111122223333").put("invokedBy", "AWS Internal");
        record.put("eventName", "RotateKey")
                .put("eventType", "AwsServiceEvent")
                .put("sourceIPAddress", "AWS Internal")
                .put("userAgent", "AWS Internal")
                .put("readOnly", false);
        record.putObject("serviceEventDetails")
                .put("keyId", KEY)
                .put("rotationType", "AUTOMATIC")
                .put("currentKeyMaterialId", "a41e");
        return record;
    }

    static byte[] file(List<ObjectNode> records) {
        ObjectNode file = JSON.createObjectNode();
        ArrayNode array = file.putArray("Records");
        records.forEach(array::add);
        return file.toString().getBytes(UTF_8);
    }

    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }
}
