package dev.keyproof.broker.approval;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * An approval whose signatures were verified just now.
 *
 * @param forPolicy what policy reads of it
 * @param forRecord what the outcome carries: statement and signatures
 */
public record Evidence(String id, ObjectNode forPolicy, ObjectNode forRecord) {}
