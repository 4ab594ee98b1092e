package dev.keyproof.stream.detect;

import dev.keyproof.event.DetectionFinding.Attack;
import dev.keyproof.stream.emit.Findings.Detector;
import java.util.List;

/** Every detector of the job by its stable id. */
final class Catalogue {
    private static final String ATTACK_VERSION = "19";
    private static final int RULE = 1;
    private static final int BEHAVIOURAL = 2;

    private static final Attack DESTRUCTION = attack("T1485", "Data Destruction");
    private static final Attack LIFECYCLE_DELETION = attack("T1485.001", "Lifecycle-Triggered Deletion");
    private static final Attack UNSECURED_CREDENTIALS = attack("T1552", "Unsecured Credentials");
    private static final Attack PRIVATE_KEYS = attack("T1552.004", "Private Keys");
    private static final Attack ELEVATION_ABUSE = attack("T1548", "Abuse Elevation Control Mechanism");
    private static final Attack CLOUD_STORAGE = attack("T1530", "Data from Cloud Storage");
    private static final Attack CLOUD_ACCOUNTS = attack("T1078.004", "Cloud Accounts");

    static final Detector BURST = new Detector(
            "key-use-burst",
            "Burst of uses of one key",
            BEHAVIOURAL,
            "1",
            List.of(UNSECURED_CREDENTIALS, CLOUD_STORAGE));
    static final Detector AFTER_DISABLE = new Detector(
            "key-use-after-disable", "Key used after it was taken out of service", RULE, "1", List.of(DESTRUCTION));
    static final Detector DENIALS = new Detector(
            "repeated-denials", "One caller refused again and again", BEHAVIOURAL, "1", List.of(CLOUD_ACCOUNTS));
    static final Detector CLOUD_KEY_LOSS = new Detector(
            "aws-kms-key-disabled-or-scheduled-for-deletion",
            "AWS KMS key disabled or scheduled for deletion",
            RULE,
            "1",
            List.of(DESTRUCTION, LIFECYCLE_DELETION));
    static final Detector DEVICE_TAMPERED = new Detector(
            "device-tampered", "An object of a token is not what was ordered", RULE, "1", List.of(PRIVATE_KEYS));
    static final Detector GLASS_BROKEN =
            new Detector("break-glass", "Somebody broke the glass", RULE, "1", List.of(ELEVATION_ABUSE));
    static final Detector REVIEW_OVERDUE = new Detector(
            "break-glass-review-overdue",
            "A broken glass was not reviewed in time",
            RULE,
            "1",
            List.of(ELEVATION_ABUSE));
    static final Detector ELEVATION_UNFOUNDED = new Detector(
            "elevation-unfounded",
            "An elevation in the broker's database that nobody approved",
            RULE,
            "1",
            List.of(ELEVATION_ABUSE));
    static final Detector APPROVERS_TAMPERED = new Detector(
            "approvers-tampered",
            "The book of approvers is not what its records say",
            RULE,
            "1",
            List.of(ELEVATION_ABUSE));
    static final Detector POLICY_ERROR =
            new Detector("policy-error", "Policy could not decide, and the call was refused", RULE, "1", List.of());
    static final Detector POLICY_REFUSED = new Detector(
            "policy-refused", "A policy was put in place that the broker does not use", RULE, "1", List.of());
    static final Detector MALFORMED =
            new Detector("malformed-event", "Record on the event topic that is not an event", RULE, "1", List.of());

    private Catalogue() {}

    private static Attack attack(String id, String name) {
        return new Attack(new Attack.Technique(id, name), ATTACK_VERSION);
    }
}
