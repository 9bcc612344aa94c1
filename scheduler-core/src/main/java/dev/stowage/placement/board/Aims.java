package dev.stowage.placement.board;

import dev.stowage.columns.IntColumn;

/**
 * What each chunk should come to.
 *
 * @param target how many replicas it should have, as far as its floor and weight go
 * @param goal the target less what was lost too recently to be made again; growth aims at it. The
 *     very same column where that is nothing
 */
public record Aims(IntColumn target, IntColumn goal) {}
