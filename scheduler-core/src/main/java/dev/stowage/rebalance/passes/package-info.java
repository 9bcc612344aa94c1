/** The parts of a pass: examined chunks, moves worth making, and their progress. */
@NullMarked
package dev.stowage.rebalance.passes;

import org.jspecify.annotations.NullMarked;
