package dev.stowage.engine;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.Leaving;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.rebalance.MaintenanceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Keeps the workers under maintenance in an annex of the fleet. Guarded by the desk's lock. */
public final class MaintenanceBook {
  private final Duration tickLength;

  public MaintenanceBook(Duration tickLength) {
    this.tickLength = tickLength;
  }

  public MaintenanceState state(Leadership leader, WorkerId worker) {
    return Optional.ofNullable(read(leader).get(worker))
        .map(MaintenanceState.Entry::state)
        .orElse(MaintenanceState.ACTIVE);
  }

  public void put(Leadership leader, MaintenanceState.Entry entry, Tick tick) {
    TreeMap<WorkerId, MaintenanceState.Entry> entries = read(leader);
    entries.put(entry.worker(), entry);
    write(leader, entries, tick);
    settle(leader, entry, tick);
  }

  public void advance(Leadership leader, Tick tick) {
    TreeMap<WorkerId, MaintenanceState.Entry> entries = read(leader);
    if (entries.isEmpty()) {
      return;
    }
    Tick now = Tick.of(Math.max(tick.value(), leader.mirror().largestTick().value()));
    List<MaintenanceState.Entry> moved = new ArrayList<>();
    for (MaintenanceState.Entry entry : List.copyOf(entries.values())) {
      int worker = leader.mirror().workerPosition(entry.worker());
      Optional<MaintenanceState.Entry> next =
          worker < 0
              ? Optional.empty()
              : entry.next(facts(leader.mirror(), worker), now, tickLength);
      next.ifPresent(moved::add);
      entries.put(entry.worker(), next.orElse(entry));
      if (worker < 0 || entries.get(entry.worker()).state() == MaintenanceState.ACTIVE) {
        entries.remove(entry.worker());
      }
    }
    if (!entries.equals(read(leader))) {
      write(leader, entries, tick);
    }
    moved.forEach(entry -> settle(leader, entry, tick));
    entries.values().forEach(entry -> settle(leader, entry, tick));
  }

  private static MaintenanceState.Facts facts(LifecycleView view, int worker) {
    boolean isHealthy =
        view.isCounted(worker) && view.worker(worker).status() != WorkerStatus.SUSPECT;
    // Its disk may hold more than the books, and routes may name what is gone.
    boolean isEmpty =
        view.replicasOn(worker) == 0
            && Leaving.verdicts(view, view, List.of(view.workerId(worker))).get(0).isSafe();
    return new MaintenanceState.Facts(isEmpty, isHealthy);
  }

  // A silent worker keeps its silence; its status is set once it is back.
  private static void settle(Leadership leader, MaintenanceState.Entry entry, Tick tick) {
    LifecycleView view = leader.mirror();
    int worker = view.workerPosition(entry.worker());
    if (worker < 0) {
      return;
    }
    WorkerStatus now = view.worker(worker).status();
    boolean isSilent = now == WorkerStatus.SUSPECT || now == WorkerStatus.DEPARTED;
    if (!isSilent && now != entry.state().status()) {
      leader.execute(new Command.SetStatus(entry.worker(), entry.state().status()), tick);
    }
  }

  private static void write(
      Leadership leader, TreeMap<WorkerId, MaintenanceState.Entry> entries, Tick tick) {
    leader.keep(KeptValue.MAINTENANCE, List.copyOf(entries.values()), tick);
  }

  private static TreeMap<WorkerId, MaintenanceState.Entry> read(Leadership leader) {
    TreeMap<WorkerId, MaintenanceState.Entry> entries = new TreeMap<>();
    leader.kept(KeptValue.MAINTENANCE).forEach(entry -> entries.put(entry.worker(), entry));
    return entries;
  }
}
