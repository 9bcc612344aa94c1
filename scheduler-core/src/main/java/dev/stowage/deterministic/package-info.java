/**
 * Logical clocks, queues, and a scheduler with a byte-identical log. Timestamps and task ids are
 * unsigned 64-bit values; costs are logical ticks. SpscQueue bounds JCTools' ring, which alone
 * rounds its capacity up to a power of two; OrderedQueue is our own stable heap with handles.
 */
@NullMarked
package dev.stowage.deterministic;

import org.jspecify.annotations.NullMarked;
