package dev.stowage.rebalance.passes;

import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MoveIntent;
import dev.stowage.rebalance.MoveRecord;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.rebalance.tables.LedChunk;
import dev.stowage.rebalance.tables.MoveLedger;
import dev.stowage.rebalance.tables.Terms;
import dev.stowage.rebalance.tables.WorkerRoster;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Follows moves from the wish to the copy, and remembers them for cooldowns and pins. */
final class MoveTracker {
  private final MoveLedger ledger = new MoveLedger();
  private final Map<ChunkNumber, Integer> positions = new HashMap<>();
  private final WorkerRoster workers;
  private final Terms terms;

  MoveTracker(WorkerRoster workers, Terms terms) {
    this.workers = workers;
    this.terms = terms;
  }

  MoveLedger ledger() {
    return ledger;
  }

  @Nullable MoveRecord of(ChunkNumber chunk) {
    return ledger.get(chunk);
  }

  /** Returns the position of a remembered chunk, or a negative number. */
  int position(ChunkNumber chunk) {
    return positions.getOrDefault(chunk, -1);
  }

  void observe(int position, LedChunk facts) {
    MoveRecord record = ledger.get(facts.number());
    if (record == null) {
      return;
    }
    positions.put(facts.number(), position);
    if (!record.isInFlight()) {
      return;
    }
    boolean isWanted = has(facts.holders(), record.to());
    if (isWanted) {
      MoveRecord begun = record.phase() == MoveRecord.Phase.ASKED ? begun(record) : record;
      boolean isThere = has(facts.possessing(), record.to());
      ledger.put(begun.in(isThere ? MoveRecord.Phase.DONE : MoveRecord.Phase.COPYING));
    } else if (record.phase() == MoveRecord.Phase.COPYING) {
      ledger.put(aborted(record));
    } else if (!has(facts.holders(), record.from())) {
      ledger.put(record.in(MoveRecord.Phase.REFUSED));
    }
  }

  void gone(ChunkNumber chunk) {
    positions.remove(chunk);
    ledger.remove(chunk);
  }

  void restore(List<MoveRecord> moves) {
    ledger.restore(moves);
    positions.clear();
  }

  void forget() {
    ledger.clear();
    positions.clear();
  }

  void ask(int position, ChunkNumber chunk, MoveIntent intent, long tick) {
    MoveRecord former = ledger.get(chunk);
    ledger.put(
        new MoveRecord(
            chunk,
            intent.from(),
            intent.to(),
            intent.sizeBytes(),
            tick,
            MoveRecord.Phase.ASKED,
            former == null ? 0 : former.reversals(),
            former == null ? 0 : former.pinnedUntilTick(),
            former == null ? List.of() : former.left(),
            intent.reason()));
    positions.put(chunk, position);
  }

  void expire(long tick) {
    for (MoveRecord record : ledger.copy()) {
      if (!positions.containsKey(record.chunk())) {
        // Its chunk was dropped unnoticed, so the move would never end.
        ledger.remove(record.chunk());
        continue;
      }
      MoveRecord now = record;
      if (record.phase() == MoveRecord.Phase.ASKED
          && tick - record.askedTick() >= terms.intervalTicks()) {
        now = record.in(MoveRecord.Phase.REFUSED);
        ledger.put(now);
      }
      if (!now.isInFlight() && tick >= rememberedUntil(now)) {
        positions.remove(record.chunk());
        ledger.remove(record.chunk());
      }
    }
  }

  boolean hasRoom(long tick) {
    if (ledger.size() < terms.config().rememberedMoves()) {
      return true;
    }
    long spared = tick - terms.cooldowns(2);
    MoveRecord oldest = ledger.oldestBefore(spared).orElse(null);
    if (oldest != null) {
      positions.remove(oldest.chunk());
      ledger.remove(oldest.chunk());
    }
    return oldest != null;
  }

  boolean isPinned(MoveRecord record, long tick) {
    return tick < record.pinnedUntilTick();
  }

  boolean isCooling(MoveRecord record, long tick) {
    return tick - record.askedTick() < terms.cooldownTicks();
  }

  boolean isWayBack(@Nullable MoveRecord record, WorkerId to, long tick) {
    return record != null
        && !record.left().isEmpty()
        && record.left().get(record.left().size() - 1).equals(to)
        && tick - record.askedTick() < terms.cooldowns(2);
  }

  private MoveRecord begun(MoveRecord record) {
    boolean isReversal = record.left().contains(record.to());
    int reversals = record.reversals() + (isReversal ? 1 : 0);
    boolean pins = isReversal && reversals >= RebalanceConfig.MOST_REVERSALS;
    List<WorkerId> left = new ArrayList<>(record.left());
    left.remove(record.from());
    left.add(record.from());
    while (left.size() > MoveRecord.MOST_LEFT) {
      left.remove(0);
    }
    return new MoveRecord(
        record.chunk(),
        record.from(),
        record.to(),
        record.sizeBytes(),
        record.askedTick(),
        record.phase(),
        reversals,
        pins
            ? Terms.later(record.askedTick(), terms.cooldowns(RebalanceConfig.PINNED_COOLDOWNS))
            : record.pinnedUntilTick(),
        left,
        record.reason());
  }

  /** Removes the source from the left workers, because the chunk did not leave it. */
  private static MoveRecord aborted(MoveRecord record) {
    List<WorkerId> left = new ArrayList<>(record.left());
    left.remove(record.from());
    return new MoveRecord(
        record.chunk(),
        record.from(),
        record.to(),
        record.sizeBytes(),
        record.askedTick(),
        MoveRecord.Phase.ABORTED,
        record.reversals(),
        record.pinnedUntilTick(),
        left,
        record.reason());
  }

  private long rememberedUntil(MoveRecord record) {
    if (record.left().isEmpty()) {
      return Terms.later(record.askedTick(), terms.cooldownTicks());
    }
    long last = Math.max(record.askedTick(), record.pinnedUntilTick());
    return Terms.later(last, terms.cooldowns(RebalanceConfig.PINNED_COOLDOWNS));
  }

  private boolean has(int[] positionsOfWorkers, WorkerId worker) {
    return Arrays.stream(positionsOfWorkers)
        .anyMatch(at -> workers.exists(at) && workers.id(at).equals(worker));
  }
}
