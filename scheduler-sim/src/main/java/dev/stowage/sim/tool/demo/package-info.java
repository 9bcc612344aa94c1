/**
 * The story that {@code stowage demo} tells: a real catalogue on a fleet of mirrors, corrected,
 * shrunk and grown, with every invariant audited after every cycle, of what changed, and of the whole after every event.
 */
@NullMarked
package dev.stowage.sim.tool.demo;

import org.jspecify.annotations.NullMarked;
