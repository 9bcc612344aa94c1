/** Placement at scale: the published workloads, generated exactly, and what our planner needs. */
@NullMarked
package dev.stowage.benchmarks.placement;

import org.jspecify.annotations.NullMarked;
