/**
 * The scheduler of propagation in evidence: what it writes, how it is read back, and its replay.
 */
@NullMarked
package dev.stowage.propagation.recording;

import org.jspecify.annotations.NullMarked;
