/** What a pass of the rebalancer costs. */
@NullMarked
package dev.stowage.benchmarks.rebalance;

import org.jspecify.annotations.NullMarked;
