package dev.stowage.placement.input;

/** The wishes for one plan; debts are bytes and replicas moved beyond earlier budgets. */
public record Wishes(
    SwapOrder swaps,
    Intents intents,
    PairScores scores,
    int[] relieved,
    PreviousFactors previous,
    boolean frozen,
    boolean deletionsHeld,
    long debtBytes,
    long debtReplicas) {}
