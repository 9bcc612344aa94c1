/** The cost of evidence: appending, hashing, verifying, writing. */
@NullMarked
package dev.stowage.benchmarks.evidence;

import org.jspecify.annotations.NullMarked;
