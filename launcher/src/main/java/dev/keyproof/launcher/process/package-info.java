/** Operating system processes: starting them, knowing them again, stopping them, measuring them. It knows nothing of what they do. */
@NullMarked
package dev.keyproof.launcher.process;

import org.jspecify.annotations.NullMarked;
