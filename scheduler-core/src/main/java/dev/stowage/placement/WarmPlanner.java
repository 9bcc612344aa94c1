package dev.stowage.placement;

import dev.stowage.config.PlacementConfig;
import dev.stowage.model.Worker;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ChunkColumn;
import dev.stowage.placement.PlacementInput.KeyHash;
import dev.stowage.placement.PlacementInput.PoolKey;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.answer.PlanOutcome;
import dev.stowage.placement.index.PlacementIndex;
import dev.stowage.placement.input.FlatInput;
import dev.stowage.placement.input.InputChunk;
import dev.stowage.placement.phases.PlanRun;
import java.util.BitSet;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A planner with an index, fed with changes; its plans equal those of {@link
 * PlacementPlanner#sticky} on the same input. Takes 9 bytes and slack per replica and about 43 per
 * chunk, and plans in time by the changes; without changes it returns the last plan.
 *
 * <p>Slots are ints from 0 that the caller assigns; they are stable while known, reusable once
 * dropped, and should be dense, because arrays are as long as the highest one.
 *
 * <pre>{@code
 * WarmPlanner planner = WarmPlanner.of(config, order);
 * planner.worker(7, worker);
 * planner.chunk(42, hash, bytes).weight(4).bits(ChunkBits.ESTABLISHED).replica(7, bits).put();
 * PlacementPlan plan = planner.plan();
 * }</pre>
 *
 * <p>Results of a plan must be fed. The look-ups of a plan throw {@link IllegalStateException} once
 * the planner has changed. Not thread-safe. Methods throw {@link IllegalArgumentException} for an
 * unknown slot or an illegal value.
 */
public final class WarmPlanner {
  private final PlacementIndex index;
  private final @Nullable PlacementPlanner whole;
  private final ChunkDraft draft = new ChunkDraft(this);
  private @Nullable PlacementPlan last;
  private long lastVersion;
  private Runnable beforePlan = () -> {};
  private Consumer<PlacementPlan> afterPlan = plan -> {};

  private WarmPlanner(
      PlacementConfig config, SlotOrder slotOrder, @Nullable PlacementPlanner whole) {
    index =
        new PlacementIndex(
            Objects.requireNonNull(config, "config"),
            Objects.requireNonNull(slotOrder, "slotOrder"));
    this.whole = whole;
  }

  /** Returns an empty planner; {@code slotOrder} is the canonical order by slot. */
  public static WarmPlanner of(PlacementConfig config, SlotOrder slotOrder) {
    return new WarmPlanner(config, slotOrder, null);
  }

  /**
   * Returns an empty planner that has another one, without an index, plan all it was fed. The plans
   * number chunks and workers by canonical positions; see {@link #slotOfChunk}.
   */
  public static WarmPlanner before(
      PlacementPlanner planner, PlacementConfig config, SlotOrder slotOrder) {
    return new WarmPlanner(config, slotOrder, Objects.requireNonNull(planner, "planner"));
  }

  /**
   * Runs {@code hook} at the beginning of each {@link #plan}, on its thread, for tests that delay
   * plans or act beside them. The hook must not call this planner.
   */
  public void beforeEachPlan(Runnable hook) {
    beforePlan = Objects.requireNonNull(hook, "hook");
  }

  /**
   * Tells {@code watcher} of each new plan, on the thread of {@link #plan}. The watcher must not
   * call this planner.
   */
  public void afterEachPlan(Consumer<PlacementPlan> watcher) {
    afterPlan = Objects.requireNonNull(watcher, "watcher");
  }

  /** Replaces the configuration; floors of known chunks stay. */
  public void configure(PlacementConfig replacement) {
    index.configure(Objects.requireNonNull(replacement, "replacement"));
  }

  /** Reserves memory for slots below {@code chunkSlots} and for replicas, to spare copies. */
  public void expect(int chunkSlots, int heldReplicas) {
    index.expect((int) Bound.atLeast(chunkSlots, 0, "chunk slots"), heldReplicas);
  }

  /** Returns the number of a pool, equal for equal keys; 0 is {@code ANY}. */
  public int pool(PoolKey key) {
    return index.pool(Objects.requireNonNull(key, "key"));
  }

  /** Puts a worker into a slot, or replaces its description; its id never changes in a slot. */
  public void worker(int slot, Worker worker) {
    Objects.requireNonNull(worker, "worker");
    index.worker((int) Bound.atLeast(slot, 0, "slot"), worker);
  }

  /** Drops a worker with its replicas, pins and bans. */
  public void dropWorker(int slot) {
    index.dropWorker(checkWorker(slot));
  }

  /** Replaces the set of workers that take nothing new. */
  public void avoid(BitSet slots) {
    slots.stream().forEach(this::checkWorker);
    index.avoid(slots);
  }

  /**
   * Returns the draft of a chunk; only one is open at a time.
   *
   * @param keyHash the {@link KeyHash} of its key
   * @param sizeBytes at least 0
   */
  public ChunkDraft chunk(int slot, long keyHash, long sizeBytes) {
    Bound.atLeast(slot, 0, "slot");
    Bound.atLeast(sizeBytes, 0, "size in bytes");
    return draft.begin(slot, keyHash, sizeBytes);
  }

  /** Drops a chunk with its replicas, pins and bans. */
  public void dropChunk(int slot) {
    index.dropChunk(checkChunk(slot));
  }

  /** Reports whether a slot has a chunk. */
  public boolean knowsChunk(int slot) {
    return slot >= 0 && index.live.get(slot);
  }

  /** Reports whether a slot has a worker. */
  public boolean knowsWorker(int slot) {
    return slot >= 0 && index.workers.at(slot) != null;
  }

  /** Returns the slot of a chunk by its number in a plan; they are equal with an index. */
  public int slotOfChunk(int number) {
    return whole == null ? number : index.canonicalChunks()[number];
  }

  /** Returns the slot of a worker by its number in a plan. */
  public int slotOfWorker(int number) {
    return whole == null ? number : index.workers.order()[number];
  }

  /** Returns the number of a chunk in a plan, or -1 for a slot without one. */
  public int numberOfChunk(int slot) {
    if (whole == null) {
      return knowsChunk(slot) ? slot : -1;
    }
    int[] slots = index.canonicalChunks();
    return IntStream.range(0, slots.length).filter(at -> slots[at] == slot).findFirst().orElse(-1);
  }

  /** Returns the number of a worker in a plan, or -1 for a slot without one. */
  public int numberOfWorker(int slot) {
    if (!knowsWorker(slot)) {
      return -1;
    }
    return whole == null ? slot : index.workers.ranks()[slot];
  }

  /**
   * Pins a pair: its replica is placed first, never moved or shrunk. Throws {@code
   * IllegalArgumentException} if the pair is banned.
   */
  public void pin(int chunk, int worker) {
    index.pin(checkChunk(chunk), checkWorker(worker));
  }

  /** Removes a pin, if present. */
  public void unpin(int chunk, int worker) {
    index.unpin(checkChunk(chunk), checkWorker(worker));
  }

  /** Bans a pair; throws {@code IllegalArgumentException} if it is pinned. */
  public void ban(int chunk, int worker) {
    index.ban(checkChunk(chunk), checkWorker(worker));
  }

  /** Removes a ban, if present. */
  public void unban(int chunk, int worker) {
    index.unban(checkChunk(chunk), checkWorker(worker));
  }

  /** Replaces the wishes for coming plans; unknown slots are refused by {@link #plan}. */
  public void request(PlanRequest replacement) {
    index.request(Objects.requireNonNull(replacement, "replacement").asked);
  }

  /**
   * Returns a plan of one step. Throws {@code IllegalArgumentException} if the request names an
   * unknown slot or a chunk on two sides.
   */
  public PlacementPlan plan() {
    beforePlan.run();
    index.request.renamed(this::checkChunk, this::checkWorker);
    PlacementPlan known = last;
    if (known == null || lastVersion != index.version()) {
      known =
          whole == null
              ? new PlacementPlan(new PlanRun(index.open()).run(), WarmPlanner::afresh)
              : whole.plan(new PlacementInput(index.whole()));
      last = known;
      lastVersion = index.version();
      afterPlan.accept(known);
    }
    return known;
  }

  private static PlanOutcome afresh(FlatInput input) {
    return PlanRun.of(input).run();
  }

  boolean put(InputChunk from) {
    return index.put(from);
  }

  int[] workerRanks() {
    return index.workers.ranks();
  }

  int checkChunk(int slot) {
    if (!knowsChunk(slot)) {
      throw new IllegalArgumentException("no chunk is known in slot " + slot);
    }
    return slot;
  }

  int checkWorker(int slot) {
    index.workers.known(slot);
    return slot;
  }

  int checkPool(int number) {
    if (number < 0 || number >= index.pools.size()) {
      throw new IllegalArgumentException(
          "pool is " + number + "; 0 to " + (index.pools.size() - 1) + " are known");
    }
    return number;
  }

  /**
   * One chunk for a {@link WarmPlanner}: the least value of each column, no flag or replica unless
   * set. Takes effect with {@link #put}. Reused, so feeding allocates nothing. Not thread-safe.
   * Every method throws {@link IllegalArgumentException} for an illegal value.
   */
  public static final class ChunkDraft {
    private final WarmPlanner planner;
    private final InputChunk row = new InputChunk();
    private boolean begun;

    ChunkDraft(WarmPlanner planner) {
      this.planner = planner;
    }

    ChunkDraft begin(int chunk, long hash, long sizeBytes) {
      row.begin(chunk, hash, sizeBytes);
      begun = true;
      return this;
    }

    /** Sets a column; a pool by a number from {@link WarmPlanner#pool}. */
    public ChunkDraft set(ChunkColumn column, long value) {
      row.set(column, column.checked(value));
      if (column == ChunkColumn.POOL) {
        planner.checkPool((int) value);
      }
      return this;
    }

    /** Sets the flags, a combination of {@link ChunkBits}. */
    public ChunkDraft bits(int chunkBits) {
      row.bits = ChunkBits.checked(chunkBits);
      return this;
    }

    /** Adds a held replica with its {@link ReplicaBits} on the worker in slot {@code holder}. */
    public ChunkDraft replica(int holder, int replicaBits) {
      planner.checkWorker(holder);
      row.addReplica(holder, ReplicaBits.checked(replicaBits));
      return this;
    }

    /**
     * Replaces the knowledge of this chunk; returns false if nothing changes. Throws {@link
     * IllegalArgumentException} if a worker was given twice, {@link IllegalStateException} after a
     * former put.
     */
    public boolean put() {
      if (!begun) {
        throw new IllegalStateException("put was called before for the draft of slot " + row.slot);
      }
      begun = false;
      row.sort(planner.workerRanks());
      return planner.put(row);
    }
  }

  /**
   * The canonical order of chunks by slot: dataset, first block, chunk id (placement design,
   * section 1). Plans break ties by it, so slots can be assigned in any order.
   */
  @FunctionalInterface
  public interface SlotOrder {
    /** The order for callers with slots that ascend canonically. */
    SlotOrder ASCENDING = Integer::compare;

    /**
     * Compares two different known chunks; negative if {@code one} comes first, else positive. The
     * answer must not change. Called on the planning thread.
     */
    int compare(int one, int other);
  }
}
