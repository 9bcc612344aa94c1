package dev.stowage.placement.board;

import dev.stowage.columns.IntColumn;

/**
 * The replica counts each chunk should have.
 *
 * @param target the number by floor and weight
 * @param goal the target less recently lost replicas, which growth aims at; the target column
 *     itself if nothing differs
 */
public record Aims(IntColumn target, IntColumn goal) {}
