package dev.keyproof.broker.provider;

import dev.keyproof.broker.key.Algorithm;
import dev.keyproof.broker.key.KeyVersion;
import dev.keyproof.broker.key.Residence;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.trace.Traces;

/** A provider whose calls are spans of the request that they serve. */
public final class TracedProvider implements KeyProvider {
    private final KeyProvider provider;
    private final Traces traces;

    public TracedProvider(KeyProvider provider, Traces traces) {
        this.provider = provider;
        this.traces = traces;
    }

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public Capabilities capabilities() throws ProblemException {
        return provider.capabilities();
    }

    @Override
    public Attempt<Birth> create(String keyId, int version, Algorithm algorithm, Residence residence, String birth)
            throws ProblemException {
        return traces.step("device create", () -> provider.create(keyId, version, algorithm, residence, birth));
    }

    @Override
    public boolean holds(String keyId, int version) throws ProblemException {
        return provider.holds(keyId, version);
    }

    @Override
    public Attempt<Boolean> destroy(String keyId, int version) throws ProblemException {
        return traces.step("device destroy", () -> provider.destroy(keyId, version));
    }

    @Override
    public void forget(KeyVersion key) {
        provider.forget(key);
    }

    @Override
    public Attempt<byte[]> encrypt(Use use, byte[] plaintext, byte[] associatedData) throws ProblemException {
        return traces.step("device encrypt", () -> provider.encrypt(use, plaintext, associatedData));
    }

    @Override
    public Attempt<byte[]> decrypt(Use use, byte[] sealed, byte[] associatedData) throws ProblemException {
        return traces.step("device decrypt", () -> provider.decrypt(use, sealed, associatedData));
    }

    @Override
    public Attempt<byte[]> sign(Use use, SignatureScheme scheme, byte[] message, boolean digested)
            throws ProblemException {
        return traces.step("device sign", () -> provider.sign(use, scheme, message, digested));
    }

    @Override
    public Attempt<Boolean> verify(Use use, SignatureScheme scheme, byte[] message, byte[] signature)
            throws ProblemException {
        return traces.step("device verify", () -> provider.verify(use, scheme, message, signature));
    }

    @Override
    public Attempt<byte[]> mac(Use use, byte[] message) throws ProblemException {
        return traces.step("device mac", () -> provider.mac(use, message));
    }

    @Override
    public Attempt<byte[]> publicKey(KeyVersion key) throws ProblemException {
        return provider.publicKey(key);
    }

    @Override
    public byte[] random(int length) throws ProblemException {
        return provider.random(length);
    }
}
