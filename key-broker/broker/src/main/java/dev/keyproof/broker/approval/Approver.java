package dev.keyproof.broker.approval;

import com.nimbusds.jose.jwk.ECKey;
import java.util.List;

/**
 * A person whose signature counts.
 *
 * @param id the {@code kid} of the signatures
 * @param key the public key, on P-256
 * @param thumbprint of the key after RFC 7638
 * @param roles what policy knows the person as
 */
public record Approver(String id, ECKey key, String thumbprint, List<String> roles) {}
