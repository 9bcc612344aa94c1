package dev.stowage.placement.board;

import dev.stowage.columns.IntColumn;

/** Wanted replicas by chunk: the target, and the goal of growth, less recent losses. */
public record Aims(IntColumn target, IntColumn goal) {}
