/**
 * How does a change become durable, once, by one writer? The SPI that storages implement.
 *
 * <p>A {@link dev.stowage.store.ChunkStore} is one fleet. Three parties use it:
 *
 * <ul>
 *   <li>The <b>leader</b> claims the lease; what it gets is a {@link
 *       dev.stowage.store.StoreSession}, and scheduler writes exist only there, inside a {@link
 *       dev.stowage.store.StoreTransaction}. So an unfenced write does not compile.
 *   <li><b>Writers</b> of other processes (ingesters, workers, the host) go through a {@link
 *       dev.stowage.store.StoreInbox}, without lease and without leader. What they wrote reaches
 *       the leader as {@link dev.stowage.store.News}, in order, each piece exactly once.
 *   <li><b>Readers</b> of other processes get a {@link dev.stowage.store.FleetView}: one consistent
 *       moment, for as long as they hold it.
 * </ul>
 *
 * <p>A storage makes no decision of its own: it executes what the lifecycle core decides, guards
 * what it can, and tells the truth about what is durable. Whatever it cannot do it says with a
 * {@link dev.stowage.store.StorageException}.
 */
@NullMarked
package dev.stowage.store;

import org.jspecify.annotations.NullMarked;
