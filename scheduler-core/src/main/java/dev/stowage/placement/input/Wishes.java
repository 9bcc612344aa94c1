package dev.stowage.placement.input;

/**
 * What is asked of one plan beyond the state it begins with.
 *
 * @param swaps the pending swaps
 * @param intents the moves that the rebalancer asks for
 * @param scores how well replicas lie
 * @param previous the factors of the plan before
 * @param frozen whether nothing grows and nothing moves
 * @param deletionsHeld whether nothing may be preempted
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
