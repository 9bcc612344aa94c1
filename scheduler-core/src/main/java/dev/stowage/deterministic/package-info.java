/**
 * In what order does it happen, the same everywhere? Logical clocks, queues with exact contracts,
 * and a scheduler whose log is byte-identical for any number of threads.
 *
 * <p>Conventions: timestamps and task ids are unsigned 64-bit values and are compared unsigned;
 * costs are logical ticks, never time; every number in a log is a function of the scheduler's
 * configuration and its inputs.
 *
 * <p>Which queue is whose, and why:
 *
 * <ul>
 *   <li>{@link dev.stowage.deterministic.queues.SpscQueue} is JCTools' ring behind the capacity
 *       that was declared: alone, the ring rounds one up to a power of two and then accepts that
 *       many.
 *   <li>{@link dev.stowage.deterministic.queues.OrderedQueue} is our own heap: neither the JDK nor
 *       JCTools has one that finds an entry again by a handle, and ties must be stable.
 *   <li>{@link dev.stowage.deterministic.queues.BestEffortQueue} is the JDK's linked queue behind a
 *       bounded wait: its contract is the one wanted.
 *   <li>The scheduler's inbox, many producers and one consumer, is JCTools' bounded array queue as
 *       it is: its capacity is a power of two.
 * </ul>
 */
@NullMarked
package dev.stowage.deterministic;

import org.jspecify.annotations.NullMarked;
