/** The machinery of the scheduler: cores, queues, rounds with a barrier, and snapshots. */
@NullMarked
package dev.stowage.deterministic.crew;

import org.jspecify.annotations.NullMarked;
