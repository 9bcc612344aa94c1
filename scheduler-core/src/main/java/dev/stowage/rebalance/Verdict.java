package dev.stowage.rebalance;

/** What was decided about a chunk, and why. In the order in which the questions are asked. */
public enum Verdict {
  /** This process does not decide about the chunk: it does not lead, or the chunk is not live. */
  NOT_LEADER,
  /** A move of the chunk is under way. */
  IN_FLIGHT,
  /** It went to and fro too often, and stays for ten cooldowns. */
  PINNED,
  /** It was moved lately. */
  COOLDOWN,
  /** No holder has a score. */
  NO_SCORE,
  /** The worst holder is good enough. */
  ABOVE_FLOOR,
  /** Asked again, the worst holder is good enough, or has no score any more. */
  LIVE_RECOVERED,
  /** No other worker can take it, or the scorer names none. */
  NO_ALTERNATIVE,
  /** The alternative is not better by more than the gap. */
  GAP,
  /** It is, but not by more than the move costs. */
  COST,
  /** It would be moved, if fewer moves were under way or fewer bytes. */
  BUDGET,
  /** A move is asked for. */
  MOVE
}
