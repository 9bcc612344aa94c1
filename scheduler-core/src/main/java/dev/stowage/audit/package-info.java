/**
 * Checks of the invariants of the lifecycle design, section 10, one file each: <i>state</i> checks
 * judge the rows of a state, <i>step</i> checks those before and after a command. They recompute
 * facts from stamps, sharing no rule with the core.
 */
@NullMarked
package dev.stowage.audit;

import org.jspecify.annotations.NullMarked;
