/**
 * The in-process chunk store: one fleet, durable in its object or in saved bytes.
 *
 * <p>{@link dev.stowage.storage.memory.MemoryChunkStore} stands for a database: facades that share
 * one behave as processes that share a server. Dropping a facade is a crash; building another over
 * the same store is a restart.
 */
@NullMarked
package dev.stowage.storage.memory;

import org.jspecify.annotations.NullMarked;
