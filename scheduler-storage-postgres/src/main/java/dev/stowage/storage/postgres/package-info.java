/**
 * The chunk store on PostgreSQL 14 and later: one schema is one fleet.
 *
 * <p>{@link dev.stowage.storage.postgres.PostgresChunkStore} is the only door. Behind it:
 *
 * <ul>
 *   <li>{@code Database} hands out transactions and turns what the driver throws into the three
 *       kinds of {@link dev.stowage.store.StorageException}.
 *   <li>{@code LeaseSql}, {@code PostgresSession} and {@code PostgresTransaction} are the leader's
 *       side: the gate, the epoch, the commit.
 *   <li>{@code PostgresInbox} and {@code Vicinity} are the side of writers in other processes: the
 *       few rows that a command decides about become a small {@link
 *       dev.stowage.lifecycle.LifecycleState}, and the lifecycle decides.
 *   <li>One class for each table moves rows between its columns and the records of the lifecycle.
 * </ul>
 */
@NullMarked
package dev.stowage.storage.postgres;

import org.jspecify.annotations.NullMarked;
