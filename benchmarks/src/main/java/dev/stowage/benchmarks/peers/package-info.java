/**
 * Other planners beside ours: one problem, one answer, one adapter for each. WAGED knows
 * capacities; Kafka's assignor places one replica and knows none.
 */
@NullMarked
package dev.stowage.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
