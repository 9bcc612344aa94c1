/** Tests of all suites together. */
@NullMarked
package dev.stowage.benchmarks;

import org.jspecify.annotations.NullMarked;
