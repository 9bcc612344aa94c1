/**
 * The in-process chunk store: one fleet, durable as long as its object lives, or as the bytes that
 * it was saved as.
 *
 * <p>{@link dev.stowage.storage.memory.MemoryChunkStore} stands for a database: facades that share
 * one behave as processes that share a server do. Dropping a facade is a crash; building another
 * over the same store is a restart.
 */
@NullMarked
package dev.stowage.storage.memory;

import org.jspecify.annotations.NullMarked;
