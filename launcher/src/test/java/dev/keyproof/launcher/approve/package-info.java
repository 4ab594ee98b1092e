/** Tests of approving from the command line. */
@NullMarked
package dev.keyproof.launcher.approve;

import org.jspecify.annotations.NullMarked;
