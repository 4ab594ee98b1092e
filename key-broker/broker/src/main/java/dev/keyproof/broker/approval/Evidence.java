package dev.keyproof.broker.approval;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * An approval whose signatures were verified just now.
 *
 * @param fresh whether it is still to be used up; one that gave an order was, by the order
 * @param withdrawals how often a signature of it had been taken back
 * @param entries how many entries the book of approvers had
 * @param forPolicy what policy reads of it
 * @param forRecord what the outcome carries: statement and signatures
 */
public record Evidence(
        String id, boolean fresh, int withdrawals, long entries, ObjectNode forPolicy, ObjectNode forRecord) {}
