package dev.stowage.placement;

import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import dev.stowage.placement.answer.PlanOutcome;
import dev.stowage.placement.index.PlacementIndex;
import dev.stowage.placement.input.ChunkRow;
import dev.stowage.placement.input.FlatInput;
import dev.stowage.placement.input.Request;
import dev.stowage.placement.phases.PlanRun;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A planner that keeps an index between calls. It is fed what changes, and a plan then costs in
 * proportion to that; its plans equal those of {@link PlacementPlanner#sticky} on the same input.
 *
 * <p>Cost: a replica takes 9 bytes and slack, a chunk about 35, inputs included. A plan looks at
 * what was fed, at chunks that are not as they should be, at the workers, and at the pins, bans,
 * swaps and intents; where nothing was fed since the last one, it is that one. To measure it, feed
 * everything, plan once, then time the deltas of an event together with {@link #plan}.
 *
 * <p>Chunks and workers are named by <i>slots</i>: ints from 0 that the caller chooses, keeps
 * stable as long as the planner knows the thing, and may use again once it was dropped. They should
 * be dense, since arrays are as long as the highest one. Plans speak of the same slots: {@link
 * PlacementPlan#actionChunk}, {@link Shortage#chunk}, {@link PlacementPlan#wantedWorkers} and so
 * on.
 *
 * <pre>{@code
 * WarmPlanner planner = WarmPlanner.of(config, order);
 * planner.worker(7, worker);
 * planner.chunk(42, hash, bytes).weight(4).bits(ChunkBits.ESTABLISHED).replica(7, bits).put();
 * PlacementPlan plan = planner.plan();
 * }</pre>
 *
 * <p>Planning does not change what the planner knows: what came of a plan is fed like anything
 * else. Of a plan, the actions, deferrals, shortfalls, factors and figures are its own and stay;
 * whatever it looks up (wanted workers, explanations, hash, input) is there until the planner is
 * fed again or plans again, and refused with {@link IllegalStateException} after that.
 *
 * <p>One owner at a time; nothing here is thread-safe. Methods refuse an unknown slot and an
 * illegal value with {@link IllegalArgumentException}.
 */
public final class WarmPlanner {
  private final PlacementIndex index;
  private final ChunkDraft draft = new ChunkDraft(this);
  private @Nullable PlacementPlan last;

  private WarmPlanner(PlacementIndex index) {
    this.index = index;
  }

  /**
   * A planner that knows nothing yet.
   *
   * @param slotOrder the canonical order of the chunks by their slots
   */
  public static WarmPlanner of(PlacementConfig config, SlotOrder slotOrder) {
    Objects.requireNonNull(config, "config");
    return new WarmPlanner(
        new PlacementIndex(config, Objects.requireNonNull(slotOrder, "slotOrder")));
  }

  /** Replaces the configuration. Floors that chunks got from the former one stay as they are. */
  public void configure(PlacementConfig replacement) {
    index.configure(Objects.requireNonNull(replacement, "replacement"));
  }

  /**
   * Makes room at once for slots below {@code chunkSlots} and for so many replicas; a hint that
   * spares copies.
   */
  public void expect(int chunkSlots, int heldReplicas) {
    index.expect((int) Bound.atLeast(chunkSlots, 0, "chunk slots"), heldReplicas);
  }

  /** The number of this constraint, the same one for equal constraints; 0 is {@code ANY}. */
  public int eligibility(Eligibility constraint) {
    return index.eligibility(Objects.requireNonNull(constraint, "constraint"));
  }

  /** Puts a worker into a slot, or replaces its description; its id never changes in a slot. */
  public void worker(int slot, Worker worker) {
    Objects.requireNonNull(worker, "worker");
    index.worker((int) Bound.atLeast(slot, 0, "slot"), worker);
  }

  /** Forgets a worker, with every replica on it and all pins and bans that name it. */
  public void dropWorker(int slot) {
    index.dropWorker(checkWorker(slot));
  }

  /** Says which workers take nothing new, instead of those said before. */
  public void avoid(BitSet slots) {
    slots.stream().forEach(this::checkWorker);
    index.avoid(slots);
  }

  /**
   * Begins to say all about the chunk in a slot, known or not; nothing happens before {@link
   * ChunkDraft#put}, and only one draft is open at a time.
   *
   * @param keyHash the {@link KeyHash} of its key
   * @param sizeBytes at least 0
   */
  public ChunkDraft chunk(int slot, long keyHash, long sizeBytes) {
    Bound.atLeast(slot, 0, "slot");
    Bound.atLeast(sizeBytes, 0, "size in bytes");
    return draft.begin(slot, keyHash, sizeBytes);
  }

  /** Forgets a chunk, with its replicas and all pins and bans that name it. */
  public void dropChunk(int slot) {
    index.dropChunk(checkChunk(slot));
  }

  /** Whether the planner knows a chunk in this slot. */
  public boolean knowsChunk(int slot) {
    return slot >= 0 && index.live.get(slot);
  }

  /** Whether the planner knows a worker in this slot. */
  public boolean knowsWorker(int slot) {
    return slot >= 0 && index.workers.at(slot) != null;
  }

  /**
   * A replica of this chunk on this worker is placed first, and never moved or shrunk.
   *
   * @throws IllegalArgumentException if the pair is banned
   */
  public void pin(int chunk, int worker) {
    index.pin(checkChunk(chunk), checkWorker(worker));
  }

  /** Ends a pin, if there is one. */
  public void unpin(int chunk, int worker) {
    index.unpin(checkChunk(chunk), checkWorker(worker));
  }

  /**
   * The worker may not hold the chunk.
   *
   * @throws IllegalArgumentException if the pair is pinned
   */
  public void ban(int chunk, int worker) {
    index.ban(checkChunk(chunk), checkWorker(worker));
  }

  /** Ends a ban, if there is one. */
  public void unban(int chunk, int worker) {
    index.unban(checkChunk(chunk), checkWorker(worker));
  }

  /**
   * Replaces what is asked of the coming plans beyond the state: swaps, intents, scores, the
   * previous factors, frozen or not, deletions held or not, debt. It may name what is not known yet
   * until {@link #plan} is called, and has to name what is known then.
   */
  public void request(PlanRequest replacement) {
    index.request(Objects.requireNonNull(replacement, "replacement").asked);
  }

  /**
   * Plans one step.
   *
   * @throws IllegalArgumentException if the request names what is not known, or a chunk on two
   *     sides
   */
  public PlacementPlan plan() {
    Request request = index.request;
    for (int i = 0; i < request.newSides.length; i += 2) {
      checkChunk(request.newSides[i]);
    }
    for (int i = 0; i < request.intents.length; i += 3) {
      checkChunk(request.intents[i]);
      checkWorker(request.intents[i + 1]);
      checkWorker(request.intents[i + 2]);
    }
    for (int i = 0; i < request.scores.length; i += 3) {
      checkChunk(request.scores[i]);
      checkWorker(request.scores[i + 1]);
    }
    PlacementPlan known = last;
    if (known == null || !known.isCurrent()) {
      known = new PlacementPlan(new PlanRun(index.open()).run(), WarmPlanner::afresh);
      last = known;
    }
    return known;
  }

  private static PlanOutcome afresh(FlatInput input) {
    return PlanRun.of(input, task -> {}).run();
  }

  boolean put(ChunkRow from) {
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

  int checkEligibility(int number) {
    if (number < 0 || number >= index.eligibilities.size()) {
      throw new IllegalArgumentException(
          "eligibility is " + number + "; 0 to " + (index.eligibilities.size() - 1) + " are known");
    }
    return number;
  }
}
