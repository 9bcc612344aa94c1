/**
 * The front door of the library: {@link dev.stowage.engine.Stowage} executes every command in one
 * total order on the mirror of the fleet, makes what changed durable through the store, records it
 * as evidence, and hands out immutable views for reading.
 */
@NullMarked
package dev.stowage.engine;

import org.jspecify.annotations.NullMarked;
