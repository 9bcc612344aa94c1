/**
 * The facade: {@link dev.stowage.Stowage} executes commands in one total order, durable through the
 * store and recorded as evidence; {@link dev.stowage.StowageService} runs it on the host's threads.
 */
@NullMarked
package dev.stowage;

import org.jspecify.annotations.NullMarked;
