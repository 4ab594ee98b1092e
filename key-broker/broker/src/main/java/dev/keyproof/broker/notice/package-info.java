/** Who is told of approvals, when, and by which way. Whom policy has on call is its data's to say. */
@NullMarked
package dev.keyproof.broker.notice;

import org.jspecify.annotations.NullMarked;
