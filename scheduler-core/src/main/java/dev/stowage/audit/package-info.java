/**
 * Checks of the invariants of the lifecycle design, section 10, one file each: <i>state</i> checks
 * judge a snapshot, <i>step</i> checks a command, <i>trace</i> checks a run. They recompute facts
 * from the stamps of a {@link dev.stowage.audit.FleetSnapshot}, sharing no rule with the core.
 */
@NullMarked
package dev.stowage.audit;

import org.jspecify.annotations.NullMarked;
