/**
 * Orders work reproducibly: logical clocks, queues, and a scheduler with a byte-identical log.
 *
 * <p>Timestamps and task ids are unsigned 64-bit values, costs are logical ticks, and every number
 * in a log is a function of configuration and inputs. SpscQueue bounds JCTools' ring, which alone
 * rounds its capacity up to a power of two. OrderedQueue is our own heap, because neither the JDK
 * nor JCTools has a stable one with handles. BestEffortQueue adds a bounded wait to the JDK's
 * linked queue. The inbox is JCTools' bounded array queue, unchanged.
 */
@NullMarked
package dev.stowage.deterministic;

import org.jspecify.annotations.NullMarked;
