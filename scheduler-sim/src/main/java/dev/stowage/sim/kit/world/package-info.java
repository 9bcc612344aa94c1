/**
 * A small world around a fleet: workers with disks and links, portals that lag, and the oracles
 * that know what the books cannot know - which bytes are really where, and what a portal really
 * asks.
 *
 * <p>Everything here is single-threaded and has no source of chance but one seed: equal seeds and
 * equal calls give equal worlds.
 */
@NullMarked
package dev.stowage.sim.kit.world;

import org.jspecify.annotations.NullMarked;
