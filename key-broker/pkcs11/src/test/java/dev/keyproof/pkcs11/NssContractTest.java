package dev.keyproof.pkcs11;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** NSS 3.87 keeps keys from being changed and heeds no other guard; it knows no Edwards key and unwraps none on a curve. */
class NssContractTest extends DeviceContract {
    @Override
    TokenConfig make(Path folder, String label) throws Exception {
        return NssSoftoken.make(folder, label);
    }

    @Override
    Capabilities expected() {
        return NSS;
    }

    static final Capabilities NSS = new Capabilities(
            EnumSet.complementOf(EnumSet.of(KeySpec.ED25519, KeySpec.AES_256_CTR)),
            EnumSet.complementOf(EnumSet.of(
                    KeySpec.ED25519, KeySpec.AES_256_CTR, KeySpec.EC_P256, KeySpec.EC_P384, KeySpec.EC_P521)),
            EnumSet.complementOf(EnumSet.of(SignatureAlgorithm.ED25519)),
            EnumSet.allOf(EncryptionAlgorithm.class),
            Set.of(Guard.NOT_MODIFIABLE));
}
