/** Requests for approval, the approvers' signatures over them, and their single use. Knows no device. */
@NullMarked
package dev.keyproof.broker.approval;

import org.jspecify.annotations.NullMarked;
