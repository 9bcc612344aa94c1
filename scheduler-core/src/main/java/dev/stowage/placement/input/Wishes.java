package dev.stowage.placement.input;

/**
 * The wishes for one plan beyond the state it starts from.
 *
 * @param frozen true if nothing grows and nothing moves
 * @param deletionsHeld true if nothing may be preempted
 * @param debtBytes bytes that earlier plans moved beyond their budget
 * @param debtReplicas replicas that earlier plans moved beyond their budget
 */
public record Wishes(
    SwapOrder swaps,
    Intents intents,
    PairScores scores,
    PreviousFactors previous,
    boolean frozen,
    boolean deletionsHeld,
    long debtBytes,
    long debtReplicas) {}
