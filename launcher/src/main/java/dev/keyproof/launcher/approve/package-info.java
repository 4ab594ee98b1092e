/** Approvals from the command line: a broker's requests, an approver's own key, nothing of an installation. */
@NullMarked
package dev.keyproof.launcher.approve;

import org.jspecify.annotations.NullMarked;
