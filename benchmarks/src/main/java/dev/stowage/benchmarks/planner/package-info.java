/**
 * What a plan costs and how good it is: ours beside other planners, large fleets and small ones.
 */
@NullMarked
package dev.stowage.benchmarks.planner;

import org.jspecify.annotations.NullMarked;
