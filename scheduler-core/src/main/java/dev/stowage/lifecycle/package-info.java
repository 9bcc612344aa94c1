/**
 * The states of replicas and the rules of their changes (lifecycle design).
 *
 * <p>{@link dev.stowage.lifecycle.Lifecycle} executes a {@link dev.stowage.command.Command} on a
 * {@link dev.stowage.lifecycle.LifecycleState} at a tick and returns a {@link
 * dev.stowage.command.Result} and the {@link dev.stowage.lifecycle.rows.ChangeSet} that a store
 * makes durable. It reads no clock, draws no random numbers and does no I/O.
 *
 * <p>A tick, id or stamp of 0 means "none" unless said otherwise. A position is the dense index of
 * a chunk or worker, stable while its row lives; a slot is the index of a replica in one state.
 */
@NullMarked
package dev.stowage.lifecycle;

import org.jspecify.annotations.NullMarked;
