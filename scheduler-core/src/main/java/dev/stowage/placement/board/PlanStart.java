package dev.stowage.placement.board;

import dev.stowage.placement.fleet.ReplicationTargets;

/** The start of a plan: a board without actions, the targets, and the chunks with possible work. */
public record PlanStart(Board board, ReplicationTargets targets, Scan scan) {}
