package dev.stowage.placement.input;

import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import dev.stowage.placement.MovementBudget;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.SlotOrder;
import java.util.List;

/**
 * Everything a plan depends on, in flat arrays: what a {@code PlacementInput} holds, laid open to
 * the machinery. Chunks and workers are dense positions in canonical order, or the slots of an
 * index; replicas are grouped by chunk and sorted by worker. Never changes; one of an index does
 * not as long as that is not fed.
 */
public final class FlatInput {
  /**
   * The workers.
   *
   * @param workers by position
   * @param order the positions of the workers in canonical order
   * @param avoided by position, whether a worker takes nothing new
   * @param eligibilities the constraints that chunks name by number
   */
  public record Crew(
      Worker[] workers, int[] order, boolean[] avoided, List<Eligibility> eligibilities) {}

  /**
   * The chunks, and where they are held.
   *
   * @param chunks by position
   * @param order the canonical order of the positions
   * @param held the replicas of each chunk
   */
  public record Stock(ChunkColumns chunks, SlotOrder order, HeldReplicas held) {}

  /**
   * What is said about pairs of a chunk and a worker.
   *
   * @param pins sorted by their numbers, to be searched
   * @param pinsInOrder the pins by chunk and worker, both canonically
   * @param bans sorted by their numbers
   */
  public record Pairs(long[] pins, long[] pinsInOrder, long[] bans) {}

  public final PlacementConfig config;
  public final Worker[] workers;

  /** The positions of the workers in canonical order. */
  public final int[] workerOrder;

  public final boolean[] avoided;
  public final List<Eligibility> eligibilities;
  public final ChunkColumns chunks;

  /** The canonical order of the chunks' positions. */
  public final SlotOrder chunkOrder;

  public final SwapOrder swaps;
  public final HeldReplicas held;

  /** Sorted by their numbers, to be searched. */
  public final long[] pins;

  /** The pins by chunk and worker, both canonically. */
  public final long[] pinsInOrder;

  public final long[] bans;
  public final Intents intents;
  public final PairScores scores;
  public final PreviousFactors previous;
  public final boolean frozen;

  /** Whether nothing may be preempted. */
  public final boolean deletionsHeld;

  public final long debtBytes;
  public final long debtReplicas;

  public FlatInput(PlacementConfig config, Crew crew, Stock stock, Pairs pairs, Wishes wishes) {
    this.config = config;
    workers = crew.workers;
    workerOrder = crew.order;
    avoided = crew.avoided;
    eligibilities = crew.eligibilities;
    chunks = stock.chunks;
    chunkOrder = stock.order;
    held = stock.held;
    pins = pairs.pins;
    pinsInOrder = pairs.pinsInOrder;
    bans = pairs.bans;
    swaps = wishes.swaps();
    intents = wishes.intents();
    scores = wishes.scores();
    previous = wishes.previous();
    frozen = wishes.frozen();
    deletionsHeld = wishes.deletionsHeld();
    debtBytes = wishes.debtBytes();
    debtReplicas = wishes.debtReplicas();
  }

  /** The same question, asked after another plan. */
  public FlatInput(FlatInput same, PreviousFactors before) {
    this(same, same.config, before, same.debtBytes, same.debtReplicas);
  }

  private FlatInput(
      FlatInput same,
      PlacementConfig config,
      PreviousFactors before,
      long debtBytes,
      long debtReplicas) {
    this.config = config;
    workers = same.workers;
    workerOrder = same.workerOrder;
    chunkOrder = same.chunkOrder;
    avoided = same.avoided;
    eligibilities = same.eligibilities;
    chunks = same.chunks;
    swaps = same.swaps;
    held = same.held;
    pins = same.pins;
    pinsInOrder = same.pinsInOrder;
    bans = same.bans;
    intents = same.intents;
    scores = same.scores;
    previous = before;
    frozen = same.frozen;
    deletionsHeld = same.deletionsHeld;
    this.debtBytes = debtBytes;
    this.debtReplicas = debtReplicas;
  }

  /** The same question, asked where nothing bounds what moves. */
  public FlatInput withoutBudget() {
    PlacementConfig free = config.toBuilder().budget(MovementBudget.UNLIMITED).build();
    return new FlatInput(this, free, previous, 0, 0);
  }
}
