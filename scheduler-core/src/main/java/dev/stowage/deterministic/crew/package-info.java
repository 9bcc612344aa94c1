/** The machinery of the scheduler: cores, queues, and rounds with a barrier. */
@NullMarked
package dev.stowage.deterministic.crew;

import org.jspecify.annotations.NullMarked;
