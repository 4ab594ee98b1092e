package dev.keyproof.broker.api;

import dev.keyproof.broker.api.Answers.BatchAnswer;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.operation.Crypto;
import dev.keyproof.broker.operation.Item;
import dev.keyproof.broker.operation.Result;
import dev.keyproof.broker.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Operations with keys. Each takes one item, or up to 256 in {@code items}. */
@RestController
@Tag(
        name = "crypto",
        description = "One item, or up to 256 in 'items': one result or problem for each, one record for all")
class CryptoApi {
    private final Crypto crypto;
    private final LeasedKeys keys;

    CryptoApi(Crypto crypto, LeasedKeys keys) {
        this.crypto = crypto;
        this.keys = keys;
    }

    @PostMapping("/v1/keys/{id}:encrypt")
    @Operation(summary = "Encrypt under the current version, bound to a context")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(oneOf = {Result.Encrypted.class, BatchAnswer.class})))
    ResponseEntity<Object> encrypt(Call call, @PathVariable String id, @RequestBody Item.Encrypt body)
            throws ProblemException {
        return Answers.of(crypto.encrypt(call, keys.resolve(id), body), body.items() != null);
    }

    @PostMapping("/v1/keys/{id}:decrypt")
    @Operation(summary = "Decrypt by the version that the ciphertext names")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(oneOf = {Result.Decrypted.class, BatchAnswer.class})))
    ResponseEntity<Object> decrypt(Call call, @PathVariable String id, @RequestBody Item.Decrypt body)
            throws ProblemException {
        return Answers.of(crypto.decrypt(call, keys.resolve(id), body), body.items() != null);
    }

    @PostMapping("/v1/keys/{id}:re-wrap")
    @Operation(summary = "Encrypt a ciphertext anew under the current version; the plaintext stays inside")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(oneOf = {Result.Encrypted.class, BatchAnswer.class})))
    ResponseEntity<Object> reWrap(Call call, @PathVariable String id, @RequestBody Item.ReWrap body)
            throws ProblemException {
        return Answers.of(crypto.reWrap(call, keys.resolve(id), body), body.items() != null);
    }

    @PostMapping("/v1/keys/{id}:data-key")
    @Operation(summary = "A random data key, in clear and wrapped")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(oneOf = {Result.NewDataKey.class, BatchAnswer.class})))
    ResponseEntity<Object> dataKey(Call call, @PathVariable String id, @RequestBody Item.DataKey body)
            throws ProblemException {
        return Answers.of(crypto.dataKey(call, keys.resolve(id), body), body.items() != null);
    }

    @PostMapping("/v1/keys/{id}:sign")
    @Operation(summary = "Sign a message or its digest with the current version")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(oneOf = {Result.Signed.class, BatchAnswer.class})))
    ResponseEntity<Object> sign(Call call, @PathVariable String id, @RequestBody Item.Sign body)
            throws ProblemException {
        return Answers.of(crypto.sign(call, keys.resolve(id), body), body.items() != null);
    }

    @PostMapping("/v1/keys/{id}:verify")
    @Operation(summary = "Verify a signature, or a MAC where 'mac' is given")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(oneOf = {Result.Verified.class, BatchAnswer.class})))
    ResponseEntity<Object> verify(Call call, @PathVariable String id, @RequestBody Item.Verify body)
            throws ProblemException {
        return Answers.of(crypto.verify(call, keys.resolve(id), body), body.items() != null);
    }

    @PostMapping("/v1/keys/{id}:mac")
    @Operation(summary = "Authenticate a message by HMAC-SHA-256")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(oneOf = {Result.Authenticated.class, BatchAnswer.class})))
    ResponseEntity<Object> mac(Call call, @PathVariable String id, @RequestBody Item.Mac body) throws ProblemException {
        return Answers.of(crypto.mac(call, keys.resolve(id), body), body.items() != null);
    }

    @PostMapping("/v1/keys/{id}:derive")
    @Operation(summary = "Derive a key for a label and context (NIST SP 800-108)")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(oneOf = {Result.Derived.class, BatchAnswer.class})))
    ResponseEntity<Object> derive(Call call, @PathVariable String id, @RequestBody Item.Derive body)
            throws ProblemException {
        return Answers.of(crypto.derive(call, keys.resolve(id), body), body.items() != null);
    }
}
