package dev.keyproof.broker.notice;

import dev.keyproof.broker.approval.Outbox;
import java.time.Instant;

/**
 * Something that people are to be told, by one way.
 *
 * @param id the same at every attempt
 * @param level see {@link Outbox#note}
 */
public record Notice(String id, String approval, Outbox.What what, int level, int attempts, Instant created) {}
