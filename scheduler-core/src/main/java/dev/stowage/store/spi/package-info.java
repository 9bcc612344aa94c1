/**
 * The SPI of storages, which make a change durable, once, by one writer. A leader claims the lease
 * of a {@link FleetStore} and writes only in a {@link StoreTransaction} of its {@link
 * StoreSession}, so an unfenced write does not compile. Writers of other processes use a {@link
 * StoreInbox}; their writes reach the leader as {@link News}, in order, each once. Readers get a
 * {@link dev.stowage.store.FleetView} of one moment. A storage decides nothing: it executes the
 * lifecycle core's decisions.
 */
@NullMarked
package dev.stowage.store.spi;

import org.jspecify.annotations.NullMarked;
