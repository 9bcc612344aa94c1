/** Whether the adapters tell the truth, and whether the judge would notice if they did not. */
@NullMarked
package dev.stowage.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
