/**
 * What commands do: admission, reports, swaps, cycles, settlement, retention. One class a step.
 *
 * <p>Each changes the state through its journal, and nothing else.
 */
@NullMarked
package dev.stowage.lifecycle.steps;

import org.jspecify.annotations.NullMarked;
