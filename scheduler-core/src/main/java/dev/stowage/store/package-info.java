/**
 * The SPI of storages, which make a change durable, once, by one writer. A leader claims the lease
 * of a {@link dev.stowage.store.ChunkStore} and writes only in a {@link
 * dev.stowage.store.StoreTransaction} of its {@link dev.stowage.store.StoreSession}, so an unfenced
 * write does not compile. Writers of other processes use a {@link dev.stowage.store.StoreInbox};
 * their writes reach the leader as {@link dev.stowage.store.News}, in order, each once. Readers get
 * a {@link dev.stowage.store.FleetView} of one moment. A storage decides nothing: it executes the
 * lifecycle core's decisions.
 */
@NullMarked
package dev.stowage.store;

import org.jspecify.annotations.NullMarked;
