/** Queues with exact contracts, and the clock that orders what goes through them. */
@NullMarked
package dev.stowage.deterministic.queues;

import org.jspecify.annotations.NullMarked;
