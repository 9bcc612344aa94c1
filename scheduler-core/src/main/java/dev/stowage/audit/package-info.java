/**
 * Does every invariant hold? One file per invariant of the lifecycle design, section 10:
 * <i>state</i> checks look at one snapshot, <i>step</i> checks at a command with the state before
 * and after it, <i>trace</i> checks at a whole run. Tests, the simulator and operators call the
 * same ones.
 *
 * <p>Correctness is defined here once more, on purpose: the checks recompute what is possessed,
 * confirmed, routed and readable from the bare stamps of a {@link dev.stowage.audit.FleetSnapshot}
 * and share no rule with the lifecycle core that they judge. They only detect; none repairs.
 */
@NullMarked
package dev.stowage.audit;

import org.jspecify.annotations.NullMarked;
