package dev.keyproof.evidence.access;

/** What can be done with evidence, by the names that policy knows. */
public enum Operation {
    READ_STATE("ReadState", true),
    READ_LOG("ReadLog", true),
    READ_PACKS("ReadPacks", true),
    BUILD_PACK("BuildPack", false),
    DOWNLOAD_PACK("DownloadPack", false),
    FIND_RECORDS("FindRecords", false),
    READ_RECORD("ReadRecord", false),
    READ_PERSON("ReadPerson", false),
    PUT_PERSON("PutPerson", false),
    ERASE_PERSON("ErasePerson", false),
    OPEN_ARTIFACT("OpenArtifact", false),
    ERASE_ARTIFACT("EraseArtifact", false),
    DROP_YEAR("DropYear", false),
    READ_CASES("ReadCases", false),
    OPEN_CASE("OpenCase", false),
    ATTACH_RECORD("AttachRecord", false),
    ADD_NOTE("AddNote", false),
    HOLD_CASE("HoldCase", false),
    CLOSE_CASE("CloseCase", false),
    RENEW_TIME("RenewTime", false),
    ROLLOVER_SIGNERS("RolloverSigners", false),
    SEAL_DRILL("SealDrill", false);

    private final String id;
    private final boolean often;

    Operation(String id, boolean often) {
        this.id = id;
        this.often = often;
    }

    public String id() {
        return id;
    }

    /** Whether it is done by programs again and again, so that those of a minute share a record. */
    boolean isOften() {
        return often;
    }
}
