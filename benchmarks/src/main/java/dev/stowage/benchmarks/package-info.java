/** JMH suites and scale runs. */
@NullMarked
package dev.stowage.benchmarks;

import org.jspecify.annotations.NullMarked;
