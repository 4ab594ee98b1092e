package dev.keyproof.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;

/** Events built by hand, with every field of the model and with none that may be left out. */
final class Samples {
    private static final long TIME = 1_793_613_601_000L;
    private static final EventCodec CODEC = new EventCodec();

    private Samples() {}

    static Stream<Event> all() {
        return Stream.concat(
                Stream.of(full(), bare(), compliance(), bareCompliance(), detection(), bareDetection()),
                Stream.concat(
                        Stream.of(KeyOperation.values()).map(Samples::operation),
                        Stream.of(Extension.Kind.values()).map(Samples::kind)));
    }

    static ObjectNode object(String name, String value) {
        return CODEC.mapper().createObjectNode().put(name, value);
    }

    static Extension extension(Extension.Kind kind) {
        ObjectNode input = CODEC.mapper().createObjectNode().put("operation", "Encrypt");
        input.putObject("actor").put("id", "app-1").putArray("roles").add("application");
        ObjectNode result = CODEC.mapper().createObjectNode().put("allow", true);
        return new Extension(
                kind,
                "run-1",
                "01JE0000000000000000000000",
                "0".repeat(64),
                1_234L,
                "01JE0000000000000000000001",
                new Extension.Decision(true, "sha256:" + "a".repeat(64), "sha256:" + "b".repeat(64), input, result),
                object("items", "3"));
    }

    static ApiActivity full() {
        User.Account account = new User.Account("111122223333");
        return new ApiActivity(
                99,
                "Encrypt",
                TIME,
                TIME - 2,
                2L,
                3,
                Severity.INFORMATIONAL,
                Status.SUCCESS,
                "200",
                "detail",
                "message",
                new Metadata(
                        "01JE0000000000000000000002",
                        Product.keyproof("broker"),
                        "broker-1",
                        7L,
                        "corr",
                        "orig",
                        "2026-11-02T10:00:01Z",
                        TIME,
                        "code",
                        "1.11",
                        "aws.cloudtrail",
                        List.of("cloud")),
                new Actor(
                        new User(
                                "u-1",
                                "alt",
                                "name",
                                "AssumedRole",
                                99,
                                "cred",
                                List.of(new User.Named("application")),
                                account),
                        new Session("s", "sa", "issuer", true, TIME, TIME + 1),
                        "service",
                        "app"),
                new Api(
                        "Encrypt",
                        new Api.Service("keyproof-broker"),
                        new Api.Request("req-1", object("algorithm", "AES_256_GCM")),
                        new Api.Response(200, "none", "nothing")),
                new Endpoint("198.51.100.4", 4711, "svc", "name", "uid"),
                new HttpRequest("agent"),
                new Cloud("AWS", "eu-west-1", account, "project"),
                List.of(new Resource(
                        "01JE0000000000000000000003",
                        "k",
                        Resource.KEY,
                        "1",
                        1,
                        new Resource.Owner(account),
                        object("state", "active"))),
                CODEC.unmapped(extension(Extension.Kind.OPERATION)));
    }

    static ApiActivity bare() {
        return activity(
                1,
                "Create",
                Actor.service("AWS Internal"),
                Endpoint.service("AWS Internal"),
                CODEC.mapper().createObjectNode());
    }

    static ApiActivity operation(KeyOperation operation) {
        return activity(
                operation.activityId(),
                operation.activityName(),
                Actor.user(User.of("app-1", List.of("application"))),
                Endpoint.ip("2001:db8::1"),
                CODEC.unmapped(extension(Extension.Kind.OPERATION)));
    }

    static ApiActivity kind(Extension.Kind kind) {
        Extension bare = new Extension(kind, null, null, null, null, null, null, null);
        return activity(2, "Read", Actor.service("broker"), Endpoint.service("broker"), CODEC.unmapped(bare))
                .at("broker-1", 9, CODEC.unmapped(bare.chained("01JE0000000000000000000000", "c".repeat(64))));
    }

    private static ApiActivity activity(int id, String name, Actor actor, Endpoint from, ObjectNode unmapped) {
        return new ApiActivity(
                id,
                name,
                TIME,
                null,
                null,
                null,
                Severity.INFORMATIONAL,
                Status.SUCCESS,
                null,
                null,
                null,
                Metadata.of("01JE0000000000000000000004", Product.keyproof("broker")),
                actor,
                new Api(name, new Api.Service("keyproof-broker"), null, null),
                from,
                null,
                null,
                null,
                unmapped);
    }

    static ComplianceFinding compliance() {
        return new ComplianceFinding(
                1,
                TIME,
                Severity.HIGH,
                "message",
                Metadata.of("uid-1", Product.keyproof("stream-analytics")),
                new FindingInfo(
                        "uid-1",
                        "Key is overdue for rotation",
                        "desc",
                        TIME,
                        TIME,
                        TIME,
                        List.of("compliance"),
                        new FindingInfo.Analytic("rotation", "rotation.overdue", 1, "1")),
                new Compliance(
                        "rotation.overdue",
                        List.of("PCI DSS 4.0.1"),
                        List.of("PCI DSS:3.7.4"),
                        Compliance.Result.FAIL,
                        "FAIL",
                        "400 days",
                        "Keys are rotated"),
                new ComplianceFinding.Remediation("Rotate the key"),
                List.of(Resource.key("01JE0000000000000000000003", "1", null)),
                object("evidence", "x"));
    }

    static ComplianceFinding bareCompliance() {
        return new ComplianceFinding(
                3,
                TIME,
                Severity.INFORMATIONAL,
                null,
                Metadata.of("uid-2", Product.keyproof("stream-analytics")),
                new FindingInfo("uid-2", "title", null, null, null, null, null, null),
                new Compliance("rule", List.of(), List.of(), Compliance.Result.OTHER, null, null, null),
                null,
                List.of(),
                CODEC.mapper().createObjectNode());
    }

    static DetectionFinding detection() {
        return new DetectionFinding(
                1,
                TIME,
                TIME - 10,
                TIME,
                40,
                Severity.HIGH,
                true,
                "message",
                Metadata.of("uid-3", Product.keyproof("stream-analytics")),
                new FindingInfo("uid-3", "Burst of decrypts", "desc", TIME, TIME, TIME, List.of("burst"), null),
                List.of(new DetectionFinding.Attack(
                        new DetectionFinding.Attack.Technique("T1552", "Unsecured Credentials"), "19")),
                List.of(Resource.key("01JE0000000000000000000003", null, null)),
                object("evidence", "x"));
    }

    static DetectionFinding bareDetection() {
        return new DetectionFinding(
                2,
                TIME,
                null,
                null,
                null,
                Severity.MEDIUM,
                false,
                null,
                Metadata.of("uid-4", Product.keyproof("evidence")),
                new FindingInfo("uid-4", "title", null, null, null, null, null, null),
                null,
                List.of(),
                CODEC.mapper().createObjectNode());
    }
}
