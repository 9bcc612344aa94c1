/**
 * How a pass is made: which chunks are looked at, which moves are worth it, and what became of
 * them.
 */
@NullMarked
package dev.stowage.rebalance.passes;

import org.jspecify.annotations.NullMarked;
