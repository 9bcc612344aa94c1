/**
 * The front door of the library: {@link dev.stowage.Stowage} executes every command in one total
 * order on the mirror of the fleet, makes what changed durable through the store, records it as
 * evidence, and hands out immutable views for reading. {@link dev.stowage.StowageService} runs it
 * on threads of the host.
 */
@NullMarked
package dev.stowage;

import org.jspecify.annotations.NullMarked;
