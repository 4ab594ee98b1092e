/**
 * The folder that holds one installation: where things lie in it, its configuration, its secrets, its ports. It knows nothing of
 * processes.
 */
@NullMarked
package dev.keyproof.launcher.home;

import org.jspecify.annotations.NullMarked;
