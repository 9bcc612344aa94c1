package dev.stowage.placement.board;

import dev.stowage.placement.fleet.ReplicationTargets;

/**
 * Where a plan begins.
 *
 * @param board what is held, and nothing done yet
 * @param targets how many replicas each chunk should have
 * @param scan which chunks some step may have something to do for
 */
public record Opening(Board board, ReplicationTargets targets, Scan scan) {}
