/**
 * The chunk store on PostgreSQL 14 and later: one schema is one fleet.
 *
 * <p>Behind {@link dev.stowage.storage.postgres.PostgresChunkStore}, {@code Database} begins
 * transactions and translates failures; {@code LeaseSql}, {@code PostgresSession} and {@code
 * PostgresTransaction} serve the leader; {@code PostgresInbox} and {@code CommandRows} decide
 * commands of other processes on a small {@link dev.stowage.lifecycle.LifecycleState}; and one
 * class per table maps its rows.
 */
@NullMarked
package dev.stowage.storage.postgres;

import org.jspecify.annotations.NullMarked;
