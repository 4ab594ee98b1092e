package dev.keyproof.verify;

import java.util.Locale;

/**
 * Why a pack is refused, for programs and for whoever looks a verdict up: what is named here is never renamed. The sentence beside
 * it in a {@link Fault} says the same of the case at hand.
 */
public enum Reason {
    /** The zip does not end as one. */
    ZIP_CUT_OFF,
    /** The end record is not that of its zip. */
    ZIP_END,
    /** The zip's directory is not in its one form. */
    ZIP_DIRECTORY,
    /** A name that a pack may not hold. */
    ZIP_NAME,
    /** Names out of order, or one twice. */
    ZIP_ORDER,
    /** Entries do not follow each other without a gap, or overlap. */
    ZIP_GAP,
    /** An entry's header is not that of its directory record and content. */
    ZIP_HEADER,
    /** A content's CRC-32 is not the one stated. */
    ZIP_CRC,

    /** A file that belongs into the pack is not there. */
    FILE_MISSING,
    /** A file is there that nobody signed for. */
    FILE_NOT_LISTED,
    /** A file is not the one that was signed for. */
    FILE_ALTERED,
    /** A file on which a reader fails in a way that has no other name. */
    UNREADABLE,

    /** Not JSON, or not an object. */
    JSON_FORM,
    /** JSON in another form than RFC 8785's. */
    JSON_NOT_CANONICAL,
    /** The manifest lacks something, or what it says makes no sense. */
    MANIFEST_FORM,
    /** The manifest says something that its form does not know. */
    MANIFEST_UNKNOWN,
    /** The scope is of no kind that there is. */
    SCOPE_FORM,
    /** The scope is of another kind than the pack. */
    SCOPE_KIND,
    /** The scope is of another year than the log. */
    SCOPE_YEAR,
    /** The scope begins at another entry than the log is carried from. */
    SCOPE_FROM,
    /** A single record is not of the key that the scope names. */
    SCOPE_KEY,
    /** The manifest lists no log. */
    LOG_NONE,
    /** The manifest lists a log twice. */
    LOG_TWICE,
    /** A log stands in a folder that is not its own. */
    LOG_FOLDER,
    /** A log stands under another year than its own. */
    WRONG_YEAR,

    /** Not the CMS signature that content and certificates would have. */
    CMS_FORM,
    /** Not the DSSE envelope that manifest and certificate would have. */
    DSSE_FORM,
    /** A signature in another form than its canonical one. */
    SIGNATURE_FORM,
    /** A signature that its signer did not make over this content. */
    SIGNATURE_FALSE,
    /** Not certificates up to a self-signed root. */
    CERTIFICATE_FORM,
    /** A certificate had ended. */
    CERTIFICATE_EXPIRED,
    /** A certificate had not begun. */
    CERTIFICATE_NOT_YET_VALID,
    /** A certificate was not issued by the next, or not for this. */
    CHAIN_NOT_VALID,
    /** The signer's certificate may not sign packs. */
    SIGNER_ROLE,
    /** The signer's key is a log's. */
    SIGNER_IS_LOG_KEY,
    /** The trust file does not name the signer's root. */
    SIGNER_UNTRUSTED,

    /** Not verifier keys of logs. */
    LOG_KEY_FORM,
    /** A log without a key. */
    LOG_KEY_MISSING,
    /** The trust file does not name a log's key. */
    LOG_KEY_UNTRUSTED,
    /** Only keys signed that had handed over before. */
    LOG_KEY_RETIRED,
    /** The log signer's certificate may not sign checkpoints. */
    LOG_SIGNER_ROLE,
    /** The log signer's certificate is of another root or key. */
    LOG_SIGNER,
    /** Not a checkpoint. */
    CHECKPOINT_FORM,
    /** A key of the log did not sign the checkpoint. */
    CHECKPOINT_UNSIGNED,
    /** A signature on the checkpoint is false. */
    CHECKPOINT_FALSE,
    /** The checkpoint is of another log, size or root than the manifest states. */
    CHECKPOINT_DIFFERS,
    /** What should be an earlier checkpoint of the log is not one. */
    CHECKPOINT_NOT_EARLIER,
    /** The log is no continuation of an earlier checkpoint that it signed. */
    LOG_FORKED,
    /** A witness's signature on the checkpoint is false. */
    COSIGNATURE_FALSE,
    /** Fewer witnesses cosigned than the trust file asks for. */
    TOO_FEW_WITNESSES,

    /** The time was asked for something else, or without the certificate. */
    TIME_REQUEST,
    /** A time token in another form than its own. */
    TIME_FORM,
    /** A time token that does not hold. */
    TIME_FALSE,
    /** The authority gave no time. */
    TIME_REFUSED,
    /** A time of something else. */
    TIME_IMPRINT,
    /** A time by another authority than the pack names. */
    TIME_AUTHORITY,
    /** The trust file does not name the time's authority. */
    TIME_AUTHORITY_UNTRUSTED,
    /** A checkpoint without the evidence record that should be over it. */
    EVIDENCE_RECORD_MISSING,
    /** An evidence record in another form than its own. */
    EVIDENCE_RECORD_FORM,
    /** An evidence record that does not hold. */
    EVIDENCE_RECORD_FALSE,
    /** A token of an evidence record is older than the one before. */
    EVIDENCE_RECORD_ORDER,
    /** An authority of an evidence record leads to no root that is believed. */
    EVIDENCE_RECORD_AUTHORITY,

    /** A tile or bundle of the log is not there. */
    TILE_MISSING,
    /** A tile or bundle that does not belong to the log. */
    TILE_SURPLUS,
    /** A tile that holds no whole hashes. */
    TILE_FORM,
    /** A tile is not over those below it. */
    TILE_MISMATCH,
    /** The tiles lead to another root than was signed. */
    TILES_ROOT,
    /** A bundle that does not hold its entries. */
    BUNDLE_FORM,
    /** An entry is not the one that was sealed. */
    ENTRY_ALTERED,
    /** A single record that cannot be one. */
    RECORD_FORM,
    /** A single record's proof leads elsewhere. */
    PROOF_FALSE,
    /** A single record stands before one that was sealed earlier. */
    RECORD_ORDER,
    /** A single record stands twice. */
    RECORD_TWICE,

    /** What follows from the entries is not there. */
    DERIVED_MISSING,
    /** A file is not what follows from the entries. */
    DERIVED_DIFFERS,
    /** A file follows from no entry. */
    DERIVED_SURPLUS,
    /** Not a policy bundle. */
    POLICY_FORM,
    /** A policy bundle under another digest than its own. */
    POLICY_DIGEST,
    /** The manifest lists other policies than the pack holds. */
    POLICY_LIST,
    /** A decision under a policy that is not there. */
    POLICY_MISSING,

    /** One approval for two operations. */
    APPROVAL_REPLAYED,
    /** An approval that had expired. */
    APPROVAL_EXPIRED,
    /** An approver's signature of another kind than may approve. */
    APPROVAL_SIGNATURE_FORM,
    /** An approver's signature that does not hold. */
    APPROVAL_SIGNATURE,
    /** A passkey's assertion over another statement. */
    ASSERTION_STATEMENT,
    /** A passkey's assertion for another page or party. */
    ASSERTION_ELSEWHERE,
    /** A passkey's assertion without its user verified. */
    ASSERTION_USER,
    /** A statement that says more or less than an approval's. */
    STATEMENT_FORM,
    /** A statement for another approval request. */
    STATEMENT_REQUEST,
    /** A statement for another operation. */
    STATEMENT_OPERATION,
    /** A statement for another key. */
    STATEMENT_KEY,
    /** A statement for another broker. */
    STATEMENT_AUDIENCE,
    /** A statement for other parameters. */
    STATEMENT_PARAMETERS,
    /** Policy decided on another approval. */
    DECISION_APPROVAL,
    /** Policy decided on another elevation. */
    DECISION_ELEVATION,
    /** A lent role ends later than its signed minutes allow. */
    ELEVATION_TOO_LONG,
    /** Fewer approvers than policy asked for. */
    TOO_FEW_APPROVERS,
    /** The requester approved. */
    REQUESTER_APPROVED,
    /** One approver counted twice. */
    APPROVER_COUNTED_TWICE,
    /** A person approved under two names. */
    PERSON_COUNTED_TWICE,
    /** Two approvers with one key. */
    APPROVER_KEY_SHARED,
    /** An approver whose key is nowhere. */
    APPROVER_NOT_ENROLLED,
    /** The trust file names another key of an approver. */
    APPROVER_KEY_OTHER,
    /** An approver's key that cannot be one. */
    APPROVER_KEY_FORM,
    /** Others than its requester signed for a broken glass. */
    GLASS_NOT_ALONE,
    /** What was done was not what was ordered. */
    ORDER_OTHER,
    /** One order carried out twice. */
    ORDER_REPEATED,

    /** The scope ends beyond the log. */
    SCOPE_TO,
    /** A single record is not of the actor that the scope names. */
    SCOPE_ACTOR,
    /** A single record beside a range is of no kind that the range could need. */
    RECORD_NOT_SUPPORTING,
    /** A log without the proof that it continues the checkpoint before the scope. */
    CONSISTENCY_MISSING,
    /** Not a consistency proof. */
    CONSISTENCY_FORM,
    /** A consistency proof that does not lead from the one checkpoint to the other. */
    CONSISTENCY_FALSE,
    /** The last head of an earlier year's log is none that the log signed, or another than the entry says. */
    YEAR_END_FALSE,
    /** Not certificate revocation lists. */
    CRL_FORM,
    /** A revocation list that no authority of the chain beside it issued. */
    CRL_FALSE,
    /** A revocation list that was not in force when the pack was signed. */
    CRL_NOT_CURRENT,
    /** A signer's certificate was revoked before it signed. */
    CERTIFICATE_REVOKED,
    /** A single record is not of the operation that the scope names. */
    SCOPE_OPERATION,
    /** A single record is not of the case that the scope names. */
    SCOPE_CASE,
    /** A step of a case does not follow the one before it in the pack, or the first is not its opening. */
    CASE_STEP_MISSING,
    /** A record that a case attaches is not there. */
    CASE_RECORD_MISSING,
    /** A record is not the one that a case attaches. */
    CASE_RECORD_OTHER;

    /** As a verdict carries it, for example {@code entry-altered}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
