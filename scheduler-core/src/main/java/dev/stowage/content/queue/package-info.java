/**
 * What waits, and what goes next: items in flat tables, queues by class, tenant and flow, and the
 * search for the next one.
 *
 * <p>Everything here belongs to one scheduler and its thread.
 */
@NullMarked
package dev.stowage.content.queue;

import org.jspecify.annotations.NullMarked;
