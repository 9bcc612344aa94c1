/**
 * The working state of one plan: slots, room, levels and budget, and the judges that look at each
 * chunk first.
 *
 * <p>Every change goes through {@link dev.stowage.placement.board.Board}, so slots and room never
 * disagree.
 */
@NullMarked
package dev.stowage.placement.board;

import org.jspecify.annotations.NullMarked;
