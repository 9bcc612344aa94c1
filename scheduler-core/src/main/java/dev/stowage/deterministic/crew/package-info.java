/**
 * The machinery of the scheduler: cores and their queues, rounds with a barrier, what a task did,
 * and the snapshot of all of it.
 */
@NullMarked
package dev.stowage.deterministic.crew;

import org.jspecify.annotations.NullMarked;
