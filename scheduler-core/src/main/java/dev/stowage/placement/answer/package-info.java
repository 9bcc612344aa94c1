/** The results of a finished board: actions, figures and explanations. */
@NullMarked
package dev.stowage.placement.answer;

import org.jspecify.annotations.NullMarked;
