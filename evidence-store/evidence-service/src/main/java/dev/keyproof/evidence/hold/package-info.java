/** Legal holds as the sealed log tells them: which years' logs must not be dropped. Knows nothing of packs and of HTTP. */
@org.jspecify.annotations.NullMarked
package dev.keyproof.evidence.hold;
