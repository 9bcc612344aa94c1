package dev.stowage.placement.input;

import dev.stowage.config.MovementBudget;
import dev.stowage.config.PlacementConfig;
import dev.stowage.model.Worker;
import dev.stowage.placement.PlacementInput.PoolKey;
import dev.stowage.placement.WarmPlanner.SlotOrder;
import java.util.List;

/**
 * Everything a plan depends on, in flat arrays, by positions in canonical order or by slots of an
 * index. Immutable; the view of an index is valid until the index is fed.
 */
public final class FlatInput {
  /** The workers, their canonical order, those that take nothing new, and numbered constraints. */
  public record Crew(Worker[] workers, int[] order, boolean[] avoided, List<PoolKey> pools) {}

  public record Stock(ChunkColumns chunks, SlotOrder order, HeldReplicas held) {}

  /** Wishes for pairs, sorted by number; pins also by chunk and worker, both canonically. */
  public record Pairs(long[] pins, long[] pinsInOrder, long[] bans) {}

  public final PlacementConfig config;
  public final Worker[] workers;

  /** The positions of the workers in canonical order. */
  public final int[] workerOrder;

  public final boolean[] avoided;
  public final List<PoolKey> pools;
  public final PoolSums sums;
  public final ChunkColumns chunks;

  public final SlotOrder chunkOrder;

  public final SwapOrder swaps;
  public final HeldReplicas held;

  /** Sorted by number, for searching. */
  public final long[] pins;

  /** The pins by chunk and worker, both canonically. */
  public final long[] pinsInOrder;

  public final long[] bans;
  public final Intents intents;
  public final PairScores scores;

  /** The workers that leveling gives nothing. */
  public final int[] relieved;

  public final PreviousFactors previous;
  public final boolean frozen;

  /** True if nothing may be preempted. */
  public final boolean deletionsHeld;

  public final long debtBytes;
  public final long debtReplicas;

  public FlatInput(
      PlacementConfig config, Crew crew, Stock stock, Pairs pairs, Wishes wishes, PoolSums sums) {
    this.sums = sums;
    this.config = config;
    workers = crew.workers;
    workerOrder = crew.order;
    avoided = crew.avoided;
    pools = crew.pools;
    chunks = stock.chunks;
    chunkOrder = stock.order;
    held = stock.held;
    pins = pairs.pins;
    pinsInOrder = pairs.pinsInOrder;
    bans = pairs.bans;
    swaps = wishes.swaps();
    intents = wishes.intents();
    scores = wishes.scores();
    relieved = wishes.relieved();
    previous = wishes.previous();
    frozen = wishes.frozen();
    deletionsHeld = wishes.deletionsHeld();
    debtBytes = wishes.debtBytes();
    debtReplicas = wishes.debtReplicas();
  }

  public FlatInput(FlatInput same, PreviousFactors before) {
    this(same, same.config, same.pins, same.pinsInOrder, before, same.debtBytes, same.debtReplicas);
  }

  /** Keeps an input with other pins; its positions are canonical. */
  public FlatInput(FlatInput same, long[] pins) {
    this(same, same.config, pins, pins, same.previous, same.debtBytes, same.debtReplicas);
  }

  private FlatInput(
      FlatInput same,
      PlacementConfig config,
      long[] pins,
      long[] pinsInOrder,
      PreviousFactors before,
      long debtBytes,
      long debtReplicas) {
    this.config = config;
    workers = same.workers;
    workerOrder = same.workerOrder;
    chunkOrder = same.chunkOrder;
    avoided = same.avoided;
    pools = same.pools;
    sums = same.sums;
    chunks = same.chunks;
    swaps = same.swaps;
    held = same.held;
    this.pins = pins;
    this.pinsInOrder = pinsInOrder;
    bans = same.bans;
    intents = same.intents;
    scores = same.scores;
    relieved = same.relieved;
    previous = before;
    frozen = same.frozen;
    deletionsHeld = same.deletionsHeld;
    this.debtBytes = debtBytes;
    this.debtReplicas = debtReplicas;
  }

  public FlatInput withoutBudget() {
    PlacementConfig free = config.toBuilder().budget(MovementBudget.UNLIMITED).build();
    return new FlatInput(this, free, pins, pinsInOrder, previous, 0, 0);
  }
}
