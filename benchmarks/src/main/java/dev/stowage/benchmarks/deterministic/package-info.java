/**
 * The cost of the deterministic runtime, beside the queues that everyone knows. Run one class with
 * JMH's own main class and the class name as argument.
 */
@NullMarked
package dev.stowage.benchmarks.deterministic;

import org.jspecify.annotations.NullMarked;
