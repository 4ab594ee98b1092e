package dev.keyproof.pkcs11;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** SoftHSM 2.6 has every guard; it wraps no Edwards key and does OAEP by SHA-1 only. */
class SoftHsmContractTest extends DeviceContract {
    @Override
    TokenConfig make(Path folder, String label) throws Exception {
        SoftHsm.make(label);
        return new TokenConfig(SoftHsm.module(), label, SoftHsm.pin("123456"), 1);
    }

    @Override
    Capabilities expected() {
        return SOFT_HSM;
    }

    static final Capabilities SOFT_HSM = new Capabilities(
            EnumSet.allOf(KeySpec.class),
            EnumSet.complementOf(EnumSet.of(KeySpec.ED25519)),
            EnumSet.allOf(SignatureAlgorithm.class),
            Set.of(EncryptionAlgorithm.RSA_OAEP_SHA1),
            EnumSet.allOf(Guard.class));
}
