package dev.keyproof.broker.ceremony;

import dev.keyproof.broker.approval.Approver;
import dev.keyproof.broker.ceremony.Transcript.Held;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bouncycastle.crypto.threshold.ShamirSecretSplitter;
import org.bouncycastle.crypto.threshold.ShamirSplitSecret;
import org.bouncycastle.crypto.threshold.ShamirSplitSecretShare;

/**
 * Shamir's sharing of a secret over GF(2^8), byte by byte. Too few shares, or a wrong one, would give a wrong secret without a word; so
 * each share is held against the transcript before, and the secret against its commitment after.
 */
final class Shares {
    private static final ShamirSecretSplitter.Algorithm FIELD = ShamirSecretSplitter.Algorithm.AES;

    private Shares() {}

    /** One share for each custodian, any {@code threshold} of which give the secret back, and fewer nothing. */
    static List<Share> split(
            String ceremony, byte[] secret, int threshold, List<Approver> custodians, SecureRandom random)
            throws CeremonyException {
        if (threshold < 2 || threshold > custodians.size() || custodians.size() > 255) {
            throw new CeremonyException(
                    "the threshold is " + threshold + ", not from 2 to the number of custodians, " + custodians.size());
        }
        ShamirSplitSecretShare[] parts = ShamirSecretSplitter.getInstance(FIELD, secret.length, random)
                .resplit(secret, threshold, custodians.size())
                .getSecretShares();
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < parts.length; i++) {
            try {
                shares.add(new Share(ceremony, i + 1, custodians.get(i).id(), parts[i].getEncoded()));
            } catch (IOException e) {
                throw new CeremonyException("a share cannot be written", e);
            }
        }
        return shares;
    }

    /**
     * The secret. The caller checks its commitment and overwrites it.
     *
     * @throws CeremonyException naming the share that is altered, foreign or doubled, or how many are missing
     */
    static byte[] combine(Transcript transcript, List<Share> shares) throws CeremonyException {
        Map<Integer, Share> good = new TreeMap<>();
        for (Share share : shares) {
            Held held = transcript.shares().stream()
                    .filter(one -> one.number() == share.number())
                    .findFirst()
                    .orElseThrow(() -> new CeremonyException(
                            "share " + share.number() + " is none of ceremony " + transcript.id()));
            if (!share.ceremony().equals(transcript.id())) {
                throw new CeremonyException("share " + share.number() + " of " + held.custodian()
                        + " is of another ceremony, " + share.ceremony());
            }
            if (!MessageDigest.isEqual(hex(held.digest()), hex(share.digest()))) {
                throw new CeremonyException("share " + share.number() + " of " + held.custodian() + " was altered");
            }
            if (good.put(share.number(), share) != null) {
                throw new CeremonyException("share " + share.number() + " of " + held.custodian() + " is there twice");
            }
        }
        if (good.size() < transcript.threshold()) {
            throw new CeremonyException(good.size() + " shares are too few: " + transcript.threshold() + " of "
                    + transcript.shares().size() + " are needed");
        }
        ShamirSplitSecretShare[] parts = good.values().stream()
                .limit(transcript.threshold())
                .map(share -> new ShamirSplitSecretShare(share.value(), share.number()))
                .toArray(ShamirSplitSecretShare[]::new);
        try {
            return ShamirSplitSecret.getInstance(FIELD, parts).getSecret();
        } catch (IOException e) {
            throw new CeremonyException("the shares cannot be put together", e);
        }
    }

    private static byte[] hex(String text) throws CeremonyException {
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            throw new CeremonyException("the transcript's digests are not hex", e);
        }
    }
}
