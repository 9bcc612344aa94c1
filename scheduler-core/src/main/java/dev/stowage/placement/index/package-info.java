/** The state a warm planner keeps between plans, by slot, and the sums over judged chunks. */
@NullMarked
package dev.stowage.placement.index;

import org.jspecify.annotations.NullMarked;
