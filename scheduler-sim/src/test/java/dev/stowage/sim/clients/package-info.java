/** Fleets whose workers and portals are the clients of {@code dev.stowage.client}. */
@NullMarked
package dev.stowage.sim.clients;

import org.jspecify.annotations.NullMarked;
