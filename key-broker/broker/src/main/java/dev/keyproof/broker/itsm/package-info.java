/** The organisation's own changes, as the system that keeps them says. What is made of it is policy's to say. */
@NullMarked
package dev.keyproof.broker.itsm;

import org.jspecify.annotations.NullMarked;
