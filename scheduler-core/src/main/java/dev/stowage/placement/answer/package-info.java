/**
 * What came of a plan: the actions read off its slots, the figures, and the explanations.
 *
 * <p>Reads a finished board, and changes nothing but the order of its slots.
 */
@NullMarked
package dev.stowage.placement.answer;

import org.jspecify.annotations.NullMarked;
