package dev.keyproof.collector.cloudtrail;

import static java.util.Map.entry;

import dev.keyproof.event.KeyOperation;
import java.util.Map;
import java.util.Optional;

/**
 * What each KMS event name means. Names that are not here are not guessed by their spelling: "ScheduleKeyDeletion" does not
 * contain "Delete", and "GenerateDataKey" creates no key.
 */
final class KmsOperations {
    /** The canonical operation and OCSF's activity. */
    record Meaning(String canonical, int activityId, String activityName) {
        private static Meaning of(KeyOperation operation) {
            return new Meaning(operation.canonicalName(), operation.activityId(), operation.activityName());
        }

        private static Meaning of(String canonical, KeyOperation like) {
            String activity = like.activityId() == 99 ? canonical : like.activityName();
            return new Meaning(canonical, like.activityId(), activity);
        }
    }

    private static final Map<String, Meaning> BY_NAME = Map.ofEntries(
            entry("CreateKey", Meaning.of(KeyOperation.CREATE_KEY)),
            entry("ReplicateKey", Meaning.of(KeyOperation.CREATE_KEY)),
            entry("ImportKeyMaterial", Meaning.of(KeyOperation.IMPORT_KEY)),
            entry("CreateGrant", Meaning.of(KeyOperation.CREATE_GRANT)),
            entry("CreateAlias", Meaning.of("CreateAlias", KeyOperation.CREATE_KEY)),
            entry("CreateCustomKeyStore", Meaning.of("CreateKeyStore", KeyOperation.CREATE_KEY)),
            // Reads.
            entry("DescribeKey", Meaning.of(KeyOperation.GET_KEY)),
            entry("GetKeyLastUsage", Meaning.of(KeyOperation.GET_KEY)),
            entry("GetKeyPolicy", Meaning.of(KeyOperation.GET_KEY)),
            entry("GetKeyRotationStatus", Meaning.of(KeyOperation.GET_KEY)),
            entry("GetParametersForImport", Meaning.of(KeyOperation.GET_KEY)),
            entry("GetPublicKey", Meaning.of(KeyOperation.GET_KEY)),
            entry("ListAliases", Meaning.of(KeyOperation.LIST_KEYS)),
            entry("ListGrants", Meaning.of(KeyOperation.GET_KEY)),
            entry("ListKeyPolicies", Meaning.of(KeyOperation.GET_KEY)),
            entry("ListKeyRotations", Meaning.of(KeyOperation.GET_KEY)),
            entry("ListKeys", Meaning.of(KeyOperation.LIST_KEYS)),
            entry("ListResourceTags", Meaning.of(KeyOperation.GET_KEY)),
            entry("ListRetirableGrants", Meaning.of(KeyOperation.LIST_KEYS)),
            entry("DescribeCustomKeyStores", Meaning.of("ListKeyStores", KeyOperation.LIST_KEYS)),
            // Changes.
            entry("EnableKey", Meaning.of(KeyOperation.ENABLE_KEY)),
            entry("DisableKey", Meaning.of(KeyOperation.DISABLE_KEY)),
            entry("RotateKeyOnDemand", Meaning.of(KeyOperation.ROTATE_KEY)),
            entry("RotateKey", Meaning.of(KeyOperation.ROTATE_KEY)),
            entry("CancelKeyDeletion", Meaning.of(KeyOperation.CANCEL_DESTRUCTION)),
            entry("PutKeyPolicy", Meaning.of(KeyOperation.UPDATE_KEY)),
            entry("EnableKeyRotation", Meaning.of(KeyOperation.UPDATE_KEY)),
            entry("DisableKeyRotation", Meaning.of(KeyOperation.UPDATE_KEY)),
            entry("UpdateKeyDescription", Meaning.of(KeyOperation.UPDATE_KEY)),
            entry("UpdatePrimaryRegion", Meaning.of(KeyOperation.UPDATE_KEY)),
            entry("SynchronizeMultiRegionKey", Meaning.of(KeyOperation.UPDATE_KEY)),
            entry("TagResource", Meaning.of(KeyOperation.UPDATE_KEY)),
            entry("UntagResource", Meaning.of(KeyOperation.UPDATE_KEY)),
            entry("UpdateAlias", Meaning.of("UpdateAlias", KeyOperation.UPDATE_KEY)),
            entry("UpdateCustomKeyStore", Meaning.of("UpdateKeyStore", KeyOperation.UPDATE_KEY)),
            entry("ConnectCustomKeyStore", Meaning.of("UpdateKeyStore", KeyOperation.UPDATE_KEY)),
            entry("DisconnectCustomKeyStore", Meaning.of("UpdateKeyStore", KeyOperation.UPDATE_KEY)),
            // Ends. Material that is deleted or has expired makes its key unusable, whatever may be imported later.
            entry("ScheduleKeyDeletion", Meaning.of(KeyOperation.SCHEDULE_DESTRUCTION)),
            entry("DeleteKey", Meaning.of(KeyOperation.DESTROY_KEY)),
            entry("DeleteImportedKeyMaterial", Meaning.of(KeyOperation.DESTROY_KEY)),
            entry("DeleteExpiredKeyMaterial", Meaning.of(KeyOperation.DESTROY_KEY)),
            entry("RevokeGrant", Meaning.of(KeyOperation.REVOKE_GRANT)),
            entry("RetireGrant", Meaning.of(KeyOperation.REVOKE_GRANT)),
            entry("DeleteAlias", Meaning.of("DeleteAlias", KeyOperation.DESTROY_KEY)),
            entry("DeleteCustomKeyStore", Meaning.of("DeleteKeyStore", KeyOperation.DESTROY_KEY)),
            // Uses.
            entry("Encrypt", Meaning.of(KeyOperation.ENCRYPT)),
            entry("Decrypt", Meaning.of(KeyOperation.DECRYPT)),
            entry("ReEncrypt", Meaning.of(KeyOperation.RE_ENCRYPT)),
            entry("Sign", Meaning.of(KeyOperation.SIGN)),
            entry("Verify", Meaning.of(KeyOperation.VERIFY)),
            entry("GenerateMac", Meaning.of(KeyOperation.GENERATE_MAC)),
            entry("VerifyMac", Meaning.of(KeyOperation.VERIFY_MAC)),
            entry("GenerateDataKey", Meaning.of(KeyOperation.GENERATE_DATA_KEY)),
            entry("GenerateDataKeyWithoutPlaintext", Meaning.of(KeyOperation.GENERATE_DATA_KEY)),
            entry("GenerateDataKeyPair", Meaning.of(KeyOperation.GENERATE_DATA_KEY)),
            entry("GenerateDataKeyPairWithoutPlaintext", Meaning.of(KeyOperation.GENERATE_DATA_KEY)),
            entry("DeriveSharedSecret", Meaning.of("DeriveSharedSecret", KeyOperation.ENCRYPT)),
            entry("GenerateRandom", Meaning.of("GenerateRandom", KeyOperation.ENCRYPT)));

    private KmsOperations() {}

    /** The meaning of an event name of {@code kms.amazonaws.com}; empty if we do not know it. */
    static Optional<Meaning> named(String eventName) {
        return Optional.ofNullable(BY_NAME.get(eventName));
    }
}
