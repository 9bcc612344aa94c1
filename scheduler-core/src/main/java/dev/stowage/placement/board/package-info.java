/**
 * The working state of one plan: slots, room, levels and budget, and the judges of single chunks.
 * Every change goes through {@link dev.stowage.placement.board.Board}, which keeps slots and room
 * consistent.
 */
@NullMarked
package dev.stowage.placement.board;

import org.jspecify.annotations.NullMarked;
