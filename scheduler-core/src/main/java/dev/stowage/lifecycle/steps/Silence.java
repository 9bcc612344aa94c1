package dev.stowage.lifecycle.steps;

import dev.stowage.columns.IntSet;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds suspect, departed and guarded workers (sections 1 and 8). A worker of which a report waits
 * is none of them until the next cycle, which judges it again.
 */
final class Silence {
  private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);

  private final Tables tables;
  private final Journal journal;
  private final LifecycleConfig config;
  private final long tick;
  private final boolean isScheduling;
  private final List<WorkerId> named;
  private final IntSet waiting = new IntSet();
  private final List<WorkerRow> confirmed = new ArrayList<>();
  private final List<WorkerRow> overdue = new ArrayList<>();
  private BigInteger capacity = BigInteger.ZERO;

  Silence(Journal journal, long tick, boolean isScheduling, List<WorkerId> waiting) {
    this.journal = journal;
    this.tick = tick;
    this.isScheduling = isScheduling;
    named = waiting;
    tables = journal.tables;
    config = tables.fleet.config();
  }

  /** Reports whether a worker without a report accepted since is silent at {@code tick}. */
  static boolean isAnybodys(Tables tables, long tick) {
    LifecycleConfig config = tables.fleet.config();
    if (isDue(tables, tick)) {
      for (int position : tables.workers.order()) {
        WorkerRow entry = tables.workers.entry(position);
        long patience =
            entry.absence() == null ? config.suspectAfterTicks() : config.departAfterTicks();
        long due =
            entry.absence() == WorkerStatus.AWAY
                ? entry.awayUntil()
                : SaturatedSum.of(tables.fleet.silentSince(entry), patience);
        boolean isJudged = entry.isRegistered() && !entry.isDeparted() && !entry.isNotTold();
        if (isJudged && tick >= due) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isDue(Tables tables, long tick) {
    // Signs of life only postpone the next tick that matters, so it may be too early.
    return tick >= tables.nextSilence;
  }

  List<WorkerId> judge() {
    if (!isDue(tables, tick)) {
      return List.of();
    }
    for (WorkerId worker : named) {
      int position = tables.workers.find(worker);
      if (position >= 0) {
        waiting.add(position);
      }
    }
    long next = Long.MAX_VALUE;
    for (int position : tables.workers.order()) {
      next = Math.min(next, look(tables.workers.entry(position)));
    }
    tables.nextSilence = next;
    boolean isGuarded = !overdue.isEmpty() && config.trust().isGuarded() && areTooMany();
    confirmed.forEach(this::depart);
    if (!isGuarded) {
      overdue.forEach(this::depart);
      return List.of();
    }
    overdue.forEach(this::suspect);
    tables.nextSilence = tick;
    return overdue.stream().map(entry -> entry.id()).toList();
  }

  private long look(WorkerRow known) {
    WorkerRow entry = known;
    if (entry.isDeparted()) {
      return Long.MAX_VALUE;
    }
    capacity = capacity.add(BigInteger.valueOf(entry.description().capacityBytes()));
    if (!entry.isRegistered()) {
      return Long.MAX_VALUE;
    }
    if (waiting.contains(entry.position())) {
      return tick;
    }
    if (entry.isAway()) {
      long suspectAt = SaturatedSum.of(tables.fleet.silentSince(entry), config.suspectAfterTicks());
      if (tick >= suspectAt) {
        entry = suspect(entry);
      }
      if (tick < entry.awayUntil()) {
        return entry.absence() == null ? Math.min(entry.awayUntil(), suspectAt) : entry.awayUntil();
      }
      entry = Absence.end(journal, entry.position(), entry.awayUntil(), tick);
    }
    boolean isConfirmed = entry.departure() == WorkerRow.Departure.CONFIRMED;
    if (isConfirmed && isScheduling) {
      confirmed.add(entry);
      return Long.MAX_VALUE;
    }
    long since = tables.fleet.silentSince(entry);
    long departAt = SaturatedSum.of(since, config.departAfterTicks());
    if (tick >= departAt) {
      overdue.add(entry);
      return isConfirmed ? tick : Long.MAX_VALUE;
    }
    long suspectAt = SaturatedSum.of(since, config.suspectAfterTicks());
    if (tick >= suspectAt) {
      entry = suspect(entry);
    }
    if (isConfirmed) {
      return tick;
    }
    return entry.absence() == null ? Math.min(departAt, suspectAt) : departAt;
  }

  private WorkerRow suspect(WorkerRow entry) {
    if (entry.absence() == null) {
      WorkerStatus absence = WorkerCommands.absenceOf(entry, WorkerStatus.SUSPECT);
      WorkerCommands.absent(journal, entry.position(), absence, tick);
    }
    return tables.workers.entry(entry.position());
  }

  private void depart(WorkerRow entry) {
    WorkerCommands.absent(journal, entry.position(), WorkerStatus.DEPARTED, tick);
    journal.marks(
        entry.position(), it -> it.with(WorkerRow.DEPARTURE, WorkerRow.Departure.BY_SILENCE));
  }

  /** Reports whether two or more would be gone, beyond the guard's share, in several domains. */
  private boolean areTooMany() {
    List<WorkerRow> gone = new ArrayList<>(confirmed);
    BigInteger all = capacity;
    for (int position : tables.workers.order()) {
      WorkerRow entry = tables.workers.entry(position);
      boolean isLate = tick - entry.absentSince() <= config.departAfterTicks();
      if (entry.isDeparted() && entry.departure() == WorkerRow.Departure.BY_SILENCE && isLate) {
        gone.add(entry);
        all = all.add(BigInteger.valueOf(entry.description().capacityBytes()));
      }
    }
    gone.addAll(overdue);
    BigInteger held =
        gone.stream()
            .map(entry -> BigInteger.valueOf(entry.description().capacityBytes()))
            .reduce(BigInteger.ZERO, BigInteger::add);
    BigInteger guard = BigInteger.valueOf(config.trust().departureGuardMillionths());
    boolean isMuch = held.multiply(MILLION).compareTo(all.multiply(guard)) > 0;
    long domains = gone.stream().map(entry -> entry.description().domain()).distinct().count();
    return gone.size() > 1 && isMuch && domains > 1;
  }
}
