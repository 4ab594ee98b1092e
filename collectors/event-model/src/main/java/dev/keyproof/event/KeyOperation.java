package dev.keyproof.event;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The canonical vocabulary of key operations, whatever an origin calls them. {@code activityId} is OCSF's: 1 create, 2 read,
 * 3 update, 4 delete, 99 the operation itself under its canonical name.
 */
public enum KeyOperation {
    CREATE_KEY("CreateKey", 1, true),
    IMPORT_KEY("ImportKey", 1, true),
    CREATE_GRANT("CreateGrant", 1, true),
    GET_KEY("GetKey", 2, false),
    LIST_KEYS("ListKeys", 2, false),
    EXPORT_KEY("ExportKey", 2, false),
    ROTATE_KEY("RotateKey", 3, true),
    ENABLE_KEY("EnableKey", 3, true),
    DISABLE_KEY("DisableKey", 3, true),
    UPDATE_KEY("UpdateKey", 3, true),
    DEACTIVATE_KEY("DeactivateKey", 3, true),
    MARK_COMPROMISED("MarkCompromised", 3, true),
    BACK_OUT_ROTATION("BackOutRotation", 3, true),
    RETIRE_VERSION("RetireVersion", 3, true),
    CANCEL_DESTRUCTION("CancelDestruction", 3, true),
    GRANT_EXCEPTION("GrantException", 3, true),
    WITHDRAW_EXCEPTION("WithdrawException", 3, true),
    SCHEDULE_DESTRUCTION("ScheduleDestruction", 4, true),
    DESTROY_KEY("DestroyKey", 4, true),
    REVOKE_GRANT("RevokeGrant", 4, true),
    ENCRYPT("Encrypt", 99, false),
    DECRYPT("Decrypt", 99, false),
    RE_ENCRYPT("ReEncrypt", 99, false),
    SIGN("Sign", 99, false),
    VERIFY("Verify", 99, false),
    WRAP("Wrap", 99, false),
    UNWRAP("Unwrap", 99, false),
    GENERATE_DATA_KEY("GenerateDataKey", 99, false),
    GENERATE_MAC("GenerateMac", 99, false),
    VERIFY_MAC("VerifyMac", 99, false),
    DERIVE_KEY("DeriveKey", 99, false);

    private static final Map<String, KeyOperation> BY_NAME = Arrays.stream(values())
            .collect(Collectors.toUnmodifiableMap(KeyOperation::canonicalName, Function.identity()));

    private final String canonicalName;
    private final int activityId;
    private final boolean changesState;

    KeyOperation(String canonicalName, int activityId, boolean changesState) {
        this.canonicalName = canonicalName;
        this.activityId = activityId;
        this.changesState = changesState;
    }

    public String canonicalName() {
        return canonicalName;
    }

    public int activityId() {
        return activityId;
    }

    /** OCSF's caption of the activity; for 99 the canonical name, as OCSF asks. */
    public String activityName() {
        return switch (activityId) {
            case 1 -> "Create";
            case 2 -> "Read";
            case 3 -> "Update";
            case 4 -> "Delete";
            default -> canonicalName;
        };
    }

    /** Whether the operation changes a key's state, so that an intent precedes its outcome. */
    public boolean changesState() {
        return changesState;
    }

    /** The operation of that canonical name, if there is one. */
    public static Optional<KeyOperation> named(String canonicalName) {
        return Optional.ofNullable(BY_NAME.get(canonicalName));
    }
}
