/**
 * Propagation of state updates ({@link dev.stowage.propagation.PropagationScheduler}) and of
 * assignments ({@link dev.stowage.propagation.AssignmentPropagation}) to interested nodes. Times
 * are signed nanoseconds since an epoch of the caller's choice; a time before an earlier one reads
 * as the latest, and one implausibly far ahead is refused. Ids are unsigned 64-bit numbers. A
 * refusal is counted and changes nothing. Types are confined to one thread at a time unless they
 * say otherwise.
 */
@NullMarked
package dev.stowage.propagation;

import org.jspecify.annotations.NullMarked;
