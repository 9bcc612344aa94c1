package dev.stowage.rebalance.passes;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.rebalance.MoveExplanation.MoveRecord.Phase;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.rebalance.RebalancePass.MoveIntent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Follows moves from the wish to the copy, and remembers them for cooldowns and pins. */
final class MoveLedger {
  private static final Comparator<ChunkNumber> ORDER =
      Comparator.comparingLong((ChunkNumber number) -> number.lineage().token())
          .thenComparingLong(ChunkNumber::counter);

  /** The most moves that are remembered for cooldowns and reversals. */
  static final int MOST_REMEMBERED = 10_000;

  private final TreeMap<ChunkNumber, MoveRecord> records = new TreeMap<>(ORDER);
  private final Terms terms;
  private long version;

  MoveLedger(Terms terms) {
    this.terms = terms;
  }

  long version() {
    return version;
  }

  @Nullable MoveRecord get(@Nullable ChunkNumber chunk) {
    return chunk == null ? null : records.get(chunk);
  }

  Collection<MoveRecord> all() {
    return records.values();
  }

  List<MoveRecord> copy() {
    return List.copyOf(records.values());
  }

  /** Replaces all records. */
  void restore(List<MoveRecord> kept) {
    records.clear();
    kept.forEach(record -> records.put(record.chunk(), record));
    version++;
  }

  /** Returns the largest tick at which a recorded move was asked for, or 0. */
  long newestTick() {
    return records.values().stream().mapToLong(MoveRecord::askedTick).max().orElse(0);
  }

  void ask(ChunkNumber chunk, MoveIntent intent, long tick) {
    MoveRecord former = records.get(chunk);
    put(
        new MoveRecord(
            chunk,
            intent.from(),
            intent.to(),
            intent.sizeBytes(),
            tick,
            Phase.ASKED,
            former == null ? 0 : former.reversals(),
            former == null ? 0 : former.pinnedUntilTick(),
            former == null ? List.of() : former.left(),
            intent.reason()));
  }

  /** Reads how far each move is, and forgets those whose chunk nobody decides about any more. */
  void follow(Scores scores) {
    for (MoveRecord record : copy()) {
      int chunk = scores.fleet().chunkPosition(record.chunk());
      if (!scores.isLed(chunk)) {
        remove(record.chunk());
      } else if (record.isInFlight()) {
        put(followed(record, scores, chunk));
      }
    }
  }

  private MoveRecord followed(MoveRecord record, Scores scores, int chunk) {
    int to = holder(scores, chunk, record.to());
    if (to != LifecycleView.NONE) {
      MoveRecord begun = record.phase() == Phase.ASKED ? begun(record) : record;
      return begun.in(scores.fleet().possessed(to) ? Phase.DONE : Phase.COPYING);
    }
    if (record.phase() == Phase.COPYING) {
      // The chunk did not leave its source.
      return with(
          record.in(Phase.ABORTED), record.reversals(), record.pinnedUntilTick(), without(record));
    }
    boolean isThere = holder(scores, chunk, record.from()) != LifecycleView.NONE;
    return isThere ? record : record.in(Phase.REFUSED);
  }

  private static int holder(Scores scores, int chunk, WorkerId id) {
    int worker = scores.fleet().workerPosition(id);
    int slot =
        worker == LifecycleView.NONE
            ? LifecycleView.NONE
            : scores.fleet().findReplica(chunk, worker);
    return slot != LifecycleView.NONE && scores.rules().mayLeave(slot) ? slot : LifecycleView.NONE;
  }

  private MoveRecord begun(MoveRecord record) {
    boolean isReversal = record.left().contains(record.to());
    int reversals = record.reversals() + (isReversal ? 1 : 0);
    boolean pins = isReversal && reversals >= RebalanceConfig.MOST_REVERSALS;
    long until =
        pins
            ? SaturatedSum.of(record.askedTick(), terms.cooldowns(RebalanceConfig.PINNED_COOLDOWNS))
            : record.pinnedUntilTick();
    List<WorkerId> left = without(record);
    left.add(record.from());
    int more = Math.max(0, left.size() - MoveRecord.MOST_LEFT);
    return with(record, reversals, until, left.subList(more, left.size()));
  }

  private static List<WorkerId> without(MoveRecord record) {
    List<WorkerId> left = new ArrayList<>(record.left());
    left.remove(record.from());
    return left;
  }

  private static MoveRecord with(
      MoveRecord record, int reversals, long pinnedUntil, List<WorkerId> left) {
    return new MoveRecord(
        record.chunk(),
        record.from(),
        record.to(),
        record.sizeBytes(),
        record.askedTick(),
        record.phase(),
        reversals,
        pinnedUntil,
        left,
        record.reason());
  }

  /** Ends wishes that no plan followed in time, and forgets what no rule asks about any more. */
  void expire(long tick) {
    for (MoveRecord record : copy()) {
      boolean isLate = tick - record.askedTick() >= terms.intervalTicks();
      MoveRecord now = record.phase() == Phase.ASKED && isLate ? record.in(Phase.REFUSED) : record;
      if (now.isInFlight() || tick < rememberedUntil(now)) {
        put(now);
      } else {
        remove(record.chunk());
      }
    }
  }

  private long rememberedUntil(MoveRecord record) {
    if (record.left().isEmpty()) {
      return SaturatedSum.of(record.askedTick(), terms.cooldownTicks());
    }
    long last = Math.max(record.askedTick(), record.pinnedUntilTick());
    return SaturatedSum.of(last, terms.cooldowns(RebalanceConfig.PINNED_COOLDOWNS));
  }

  /** Reports whether one more move can be remembered, once the oldest spare one is forgotten. */
  boolean makeRoom(long tick) {
    if (records.size() < MOST_REMEMBERED) {
      return true;
    }
    Optional<MoveRecord> oldest =
        records.values().stream()
            .filter(record -> !record.isInFlight() && record.reversals() == 0)
            .filter(record -> record.askedTick() < tick - terms.cooldowns(2))
            .min(Comparator.comparingLong(MoveRecord::askedTick));
    oldest.ifPresent(record -> remove(record.chunk()));
    return oldest.isPresent();
  }

  boolean isPinned(MoveRecord record, long tick) {
    return tick < record.pinnedUntilTick();
  }

  boolean isCooling(MoveRecord record, long tick) {
    return tick - record.askedTick() < terms.cooldownTicks();
  }

  /** Reports whether a chunk stays where it is: moved lately, under way, or pinned. */
  boolean rests(@Nullable MoveRecord record, long tick) {
    return record != null
        && (record.isInFlight() || isPinned(record, tick) || isCooling(record, tick));
  }

  boolean isWayBack(@Nullable MoveRecord record, WorkerId to, long tick) {
    return record != null
        && !record.left().isEmpty()
        && record.left().get(record.left().size() - 1).equals(to)
        && tick - record.askedTick() < terms.cooldowns(2);
  }

  private void put(MoveRecord record) {
    if (!record.equals(records.put(record.chunk(), record))) {
      version++;
    }
  }

  private void remove(ChunkNumber chunk) {
    if (records.remove(chunk) != null) {
      version++;
    }
  }
}
