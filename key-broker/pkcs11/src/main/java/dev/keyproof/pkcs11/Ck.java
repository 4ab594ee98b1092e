package dev.keyproof.pkcs11;

/** The numbers of PKCS#11 v2.40 (and of v3.0 for Edwards curves) that this library uses. */
final class Ck {
    static final long UNAVAILABLE = -1L;

    static final long SESSION_RW_SERIAL = 0x6;
    static final long OS_LOCKING_OK = 0x2;
    static final long STATE_RW_USER = 3;
    static final long USER_SO = 0;
    static final long USER = 1;

    static final long TOKEN_INITIALIZED = 0x400;
    static final long USER_PIN_INITIALIZED = 0x8;
    static final long USER_PIN_FINAL_TRY = 0x20000;
    static final long USER_PIN_LOCKED = 0x40000;

    static final long DATA = 0;
    static final long CERTIFICATE = 1;
    static final long PUBLIC_KEY = 2;
    static final long PRIVATE_KEY = 3;
    static final long SECRET_KEY = 4;

    static final long KEY_RSA = 0x0;
    static final long KEY_EC = 0x3;
    static final long KEY_GENERIC_SECRET = 0x10;
    static final long KEY_AES = 0x1F;
    static final long KEY_SHA256_HMAC = 0x2B;
    static final long KEY_EC_EDWARDS = 0x40;

    static final long CLASS = 0x0;
    static final long ON_TOKEN = 0x1;
    static final long PRIVATE = 0x2;
    static final long LABEL = 0x3;
    static final long APPLICATION = 0x10;
    static final long VALUE = 0x11;
    static final long CERTIFICATE_TYPE = 0x80;
    static final long ISSUER = 0x81;
    static final long SERIAL_NUMBER = 0x82;
    static final long TRUSTED = 0x86;
    static final long CHECK_VALUE = 0x90;
    static final long KEY_TYPE = 0x100;
    static final long SUBJECT = 0x101;
    static final long ID = 0x102;
    static final long SENSITIVE = 0x103;
    static final long ENCRYPT = 0x104;
    static final long DECRYPT = 0x105;
    static final long WRAP = 0x106;
    static final long UNWRAP = 0x107;
    static final long SIGN = 0x108;
    static final long SIGN_RECOVER = 0x109;
    static final long VERIFY = 0x10A;
    static final long VERIFY_RECOVER = 0x10B;
    static final long DERIVE = 0x10C;
    static final long MODULUS = 0x120;
    static final long MODULUS_BITS = 0x121;
    static final long PUBLIC_EXPONENT = 0x122;
    static final long VALUE_LEN = 0x161;
    static final long EXTRACTABLE = 0x162;
    static final long LOCAL = 0x163;
    static final long NEVER_EXTRACTABLE = 0x164;
    static final long ALWAYS_SENSITIVE = 0x165;
    static final long MODIFIABLE = 0x170;
    static final long COPYABLE = 0x171;
    static final long EC_PARAMS = 0x180;
    static final long EC_POINT = 0x181;
    static final long ALWAYS_AUTHENTICATE = 0x202;
    static final long WRAP_WITH_TRUSTED = 0x210;
    static final long ALLOWED_MECHANISMS = 0x40000600L;
    static final long WRAP_TEMPLATE = 0x40000211L;
    static final long UNWRAP_TEMPLATE = 0x40000212L;

    static final long RSA_PKCS_KEY_PAIR_GEN = 0x0;
    static final long RSA_PKCS = 0x1;
    static final long RSA_PKCS_OAEP = 0x9;
    static final long RSA_PKCS_PSS = 0xD;
    static final long SHA256_RSA_PKCS = 0x40;
    static final long SHA384_RSA_PKCS = 0x41;
    static final long SHA512_RSA_PKCS = 0x42;
    static final long SHA256_RSA_PKCS_PSS = 0x43;
    static final long SHA384_RSA_PKCS_PSS = 0x44;
    static final long SHA512_RSA_PKCS_PSS = 0x45;
    static final long SHA256 = 0x250;
    static final long SHA256_HMAC = 0x251;
    static final long SHA384 = 0x260;
    static final long SHA384_HMAC = 0x261;
    static final long SHA512 = 0x270;
    static final long SHA512_HMAC = 0x271;
    static final long SHA_1 = 0x220;
    static final long MGF1_SHA1 = 0x1;
    static final long MGF1_SHA256 = 0x2;
    static final long MGF1_SHA384 = 0x3;
    static final long MGF1_SHA512 = 0x4;
    static final long GENERIC_SECRET_KEY_GEN = 0x350;
    static final long EC_KEY_PAIR_GEN = 0x1040;
    static final long ECDSA = 0x1041;
    static final long EC_EDWARDS_KEY_PAIR_GEN = 0x1055;
    static final long EDDSA = 0x1057;
    static final long AES_KEY_GEN = 0x1080;
    static final long AES_ECB = 0x1081;
    static final long AES_CBC = 0x1082;
    static final long AES_CTR = 0x1086;
    static final long AES_GCM = 0x1087;
    /** AES key wrap with padding (RFC 5649). */
    static final long AES_KEY_WRAP_KWP = 0x210BL;
    /** The same under the number that SoftHSM 2.6 gives it. */
    static final long AES_KEY_WRAP_PAD_SOFTHSM = 0x210A;

    private Ck() {}
}
