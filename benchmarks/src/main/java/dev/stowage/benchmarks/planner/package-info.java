/** Measures cost and quality of plans: ours beside other planners, large fleets and small. */
@NullMarked
package dev.stowage.benchmarks.planner;

import org.jspecify.annotations.NullMarked;
