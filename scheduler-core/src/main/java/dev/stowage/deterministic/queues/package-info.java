/** Queues with exact contracts, and the logical clock that orders their elements. */
@NullMarked
package dev.stowage.deterministic.queues;

import org.jspecify.annotations.NullMarked;
