/** Calls of scorers in batches, within bounds, with faults contained. */
@NullMarked
package dev.stowage.rebalance.scoring;

import org.jspecify.annotations.NullMarked;
