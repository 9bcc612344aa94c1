package dev.stowage.sim.tool.report;

/**
 * The chunks of one weight at the end of a run.
 *
 * @param weight at least 1
 * @param chunks how many live chunks have it
 * @param bytes of one replica of each
 * @param target replicas that each should have
 * @param fewest replicas that the least replicated one has
 */
public record WeightRecord(int weight, long chunks, long bytes, int target, int fewest) {}
