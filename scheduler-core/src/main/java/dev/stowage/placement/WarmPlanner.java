package dev.stowage.placement;

import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A planner that keeps an index between calls. It is fed what changes, and a plan then costs in
 * proportion to that; its plans equal those of {@link PlacementPlanner#sticky} on the same input.
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
  final SlotOrder slotOrder;
  final IndexedWorkers workers = new IndexedWorkers();
  final ChunkColumns chunks = new ChunkColumns();
  final ReplicaStore replicas = new ReplicaStore();
  final Map<Eligibility, Integer> eligibilities = new LinkedHashMap<>();
  final PairTable pins = new PairTable();
  final PairTable bans = new PairTable();
  final BitSet live = new BitSet();
  final ChunkDraft draft = new ChunkDraft(this);
  PlacementConfig config;
  PlanRequest request = PlanRequest.NONE;

  private WarmPlanner(PlacementConfig config, SlotOrder slotOrder) {
    this.config = Objects.requireNonNull(config, "config");
    this.slotOrder = Objects.requireNonNull(slotOrder, "slotOrder");
    eligibilities.put(Eligibility.ANY, 0);
  }

  /**
   * A planner that knows nothing yet.
   *
   * @param slotOrder the canonical order of the chunks by their slots
   */
  public static WarmPlanner of(PlacementConfig config, SlotOrder slotOrder) {
    return new WarmPlanner(config, slotOrder);
  }

  /** Replaces the configuration. Floors that chunks got from the former one stay as they are. */
  public void configure(PlacementConfig replacement) {
    config = Objects.requireNonNull(replacement, "replacement");
  }

  /**
   * Makes room at once for slots below {@code chunkSlots} and for so many replicas; a hint that
   * spares copies.
   */
  public void expect(int chunkSlots, int heldReplicas) {
    chunks.expect(chunkSlots);
    replicas.expectChunks(chunkSlots);
    replicas.expect(heldReplicas);
  }

  /** The number of this constraint, the same one for equal constraints; 0 is {@code ANY}. */
  public int eligibility(Eligibility constraint) {
    Objects.requireNonNull(constraint, "constraint");
    return eligibilities.computeIfAbsent(constraint, key -> eligibilities.size());
  }

  /** Puts a worker into a slot, or replaces its description; its id never changes in a slot. */
  public void worker(int slot, Worker worker) {
    Objects.requireNonNull(worker, "worker");
    workers.put((int) atLeast(slot, 0, "slot"), worker);
  }

  /** Forgets a worker, with every replica on it and all pins and bans that name it. */
  public void dropWorker(int slot) {
    checkWorker(slot);
    for (int chunk = live.nextSetBit(0); chunk >= 0; chunk = live.nextSetBit(chunk + 1)) {
      replicas.remove(chunk, slot);
    }
    pins.removeWorker(slot);
    bans.removeWorker(slot);
    workers.drop(slot);
  }

  /** Says which workers take nothing new, instead of those said before. */
  public void avoid(BitSet slots) {
    slots.stream().forEach(this::checkWorker);
    workers.avoid(slots);
  }

  /**
   * Begins to say all about the chunk in a slot, known or not; nothing happens before {@link
   * ChunkDraft#put}, and only one draft is open at a time.
   *
   * @param keyHash the {@link KeyHash} of its key
   * @param sizeBytes at least 0
   */
  public ChunkDraft chunk(int slot, long keyHash, long sizeBytes) {
    atLeast(slot, 0, "slot");
    atLeast(sizeBytes, 0, "size in bytes");
    return draft.begin(slot, keyHash, sizeBytes, config.minReplication());
  }

  /** Forgets a chunk, with its replicas and all pins and bans that name it. */
  public void dropChunk(int slot) {
    checkChunk(slot);
    live.clear(slot);
    replicas.replace(slot, draft.worker, draft.flags, 0);
    pins.removeChunk(slot);
    bans.removeChunk(slot);
  }

  /** Whether the planner knows a chunk in this slot. */
  public boolean knowsChunk(int slot) {
    return slot >= 0 && live.get(slot);
  }

  /** Whether the planner knows a worker in this slot. */
  public boolean knowsWorker(int slot) {
    return slot >= 0 && workers.at(slot) != null;
  }

  /** A replica of this chunk on this worker is placed first, and never moved or shrunk. */
  public void pin(int chunk, int worker) {
    pins.add(checkChunk(chunk), checkWorker(worker));
  }

  /** Ends a pin, if there is one. */
  public void unpin(int chunk, int worker) {
    pins.remove(checkChunk(chunk), checkWorker(worker));
  }

  /** The worker may not hold the chunk. */
  public void ban(int chunk, int worker) {
    bans.add(checkChunk(chunk), checkWorker(worker));
  }

  /** Ends a ban, if there is one. */
  public void unban(int chunk, int worker) {
    bans.remove(checkChunk(chunk), checkWorker(worker));
  }

  /**
   * Replaces what is asked of the coming plans beyond the state: swaps, intents, the previous
   * factors, frozen or not, debt. It may name what is not known yet until {@link #plan} is called,
   * and has to name what is known then.
   */
  public void request(PlanRequest replacement) {
    request = Objects.requireNonNull(replacement, "replacement");
  }

  /**
   * Plans one step.
   *
   * @throws IllegalArgumentException if the request names what is not known, or a chunk on two
   *     sides
   */
  public PlacementPlan plan() {
    IndexInput index = new IndexInput(this);
    return StickyPlanner.INSTANCE.plan(index.input()).renumbered(index.numbering());
  }

  boolean put(ChunkDraft from) {
    boolean fresh = !live.get(from.slot);
    if (fresh) {
      chunks.expect(from.slot + 1);
      replicas.expectChunks(chunks.size.length);
      live.set(from.slot);
    } else if (chunks.is(from) && replicas.is(from.slot, from.worker, from.flags, from.replicas)) {
      return false;
    }
    chunks.put(from);
    replicas.replace(from.slot, from.worker, from.flags, from.replicas);
    return true;
  }

  int[] workerRanks() {
    return workers.ranks();
  }

  List<Eligibility> constraints() {
    return List.copyOf(eligibilities.keySet());
  }

  @Nullable Worker workerAt(int slot) {
    return workers.at(slot);
  }

  int checkChunk(int slot) {
    if (!knowsChunk(slot)) {
      throw new IllegalArgumentException("no chunk is known in slot " + slot);
    }
    return slot;
  }

  int checkWorker(int slot) {
    workers.known(slot);
    return slot;
  }

  int checkEligibility(int number) {
    if (number < 0 || number >= eligibilities.size()) {
      throw new IllegalArgumentException(
          "eligibility is " + number + "; 0 to " + (eligibilities.size() - 1) + " are known");
    }
    return number;
  }

  static long atLeast(long value, long least, String what) {
    if (value < least) {
      throw new IllegalArgumentException(
          what + " is " + value + "; at least " + least + " is accepted");
    }
    return value;
  }
}
