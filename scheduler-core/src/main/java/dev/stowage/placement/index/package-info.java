/**
 * The state a warm planner keeps between plans: chunks, replicas and holders by slot, and the sums
 * over judged chunks. It lays out the board of a plan and plans nothing itself.
 */
@NullMarked
package dev.stowage.placement.index;

import org.jspecify.annotations.NullMarked;
