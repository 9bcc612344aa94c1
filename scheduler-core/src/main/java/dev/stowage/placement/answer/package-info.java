/**
 * The results of a plan: actions, figures and explanations. Reads a finished board and changes only
 * the order of its slots.
 */
@NullMarked
package dev.stowage.placement.answer;

import org.jspecify.annotations.NullMarked;
