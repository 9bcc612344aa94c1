/**
 * What state is every replica in, and what may change now?
 *
 * <p>A pure state machine: {@link dev.stowage.lifecycle.Lifecycle} executes a {@link
 * dev.stowage.lifecycle.Command} on a {@link dev.stowage.lifecycle.LifecycleState} at a tick and
 * answers with a typed {@link dev.stowage.lifecycle.Result} and the {@link
 * dev.stowage.lifecycle.rows.ChangeSet} that a store makes durable. Nothing here reads a clock,
 * draws a number or does I/O. Chunks, workers and replicas are dense positions in flat arrays;
 * records appear only at the border. The rules are those of the lifecycle design; a section is
 * named where a rule is taken from one.
 *
 * <p>Conventions: a tick, an id or a stamp of 0 means "none" unless said otherwise; {@code
 * position} is the dense place of a chunk or a worker, kept while its row lives; {@code slot} is
 * the place of a replica, private to one state.
 */
@NullMarked
package dev.stowage.lifecycle;

import org.jspecify.annotations.NullMarked;
