/** The REST interface: shapes, paths and problem details; every decision is made elsewhere. */
@NullMarked
package dev.keyproof.broker.api;

import org.jspecify.annotations.NullMarked;
