/** What waits for each recipient, in which order it is planned, and what was counted on the way. */
@NullMarked
package dev.stowage.propagation.outbox;

import org.jspecify.annotations.NullMarked;
