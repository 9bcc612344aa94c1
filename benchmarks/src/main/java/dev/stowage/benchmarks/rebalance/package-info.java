/** The cost of a pass of the rebalancer. */
@NullMarked
package dev.stowage.benchmarks.rebalance;

import org.jspecify.annotations.NullMarked;
