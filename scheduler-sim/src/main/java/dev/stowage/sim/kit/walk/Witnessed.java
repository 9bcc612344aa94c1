package dev.stowage.sim.kit.walk;

import dev.stowage.StowageListener;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerStatus;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts what a walk meets: hears every command and its result. Not thread-safe. */
final class Witnessed implements StowageListener {
  private final TreeMap<String, Long> counts = new TreeMap<>();

  void met(String what) {
    met(what, 1);
  }

  void met(String what, long times) {
    if (times > 0) {
      counts.merge(what, times, Long::sum);
    }
  }

  boolean isMet(String what) {
    return counts.containsKey(what);
  }

  SortedMap<String, Long> counts() {
    return counts;
  }

  @Override
  public void executed(Tick tick, Command<?> command, Result result) {
    met("audited commands");
    if (result instanceof Result.Scheduled cycle) {
      scheduled(cycle);
    } else if (result instanceof Result.Published cycle) {
      published(cycle);
    } else if (!result.isAccepted()) {
      met("refused: " + result.code());
      if (command instanceof Command.RegisterSwap) {
        met("refused swap");
      }
      if (result.code() == ResultCode.STALE) {
        met("stale report");
      }
    } else if (command instanceof Command.SetStatus status) {
      met("departure", status.status() == WorkerStatus.DEPARTED ? 1 : 0);
    } else if (command instanceof Command.Inventory) {
      met("inventory");
    } else if (command instanceof Command.InventoryPart) {
      met("part of an inventory");
    } else if (command instanceof Command.Lost) {
      met("lost bytes");
    } else if (result instanceof Result.Purged purged) {
      met("purge", purged.changed() ? 1 : 0);
    }
  }

  private void scheduled(Result.Scheduled cycle) {
    met("shortage", one(cycle.shortfalls()));
    met("deferral", one(cycle.deferred()));
    met("held drain", Math.min(1, cycle.heldDeletions()));
    met("preemption", Math.min(1, cycle.movement().preempted()));
    met("last resort", Math.min(1, cycle.movement().lastResort()));
    met("re-adoption", Math.min(1, cycle.movement().readopted()));
    met("rejected offer", one(cycle.rejected()));
  }

  private void published(Result.Published cycle) {
    met("fired swap", cycle.fired().size());
    met("recall", Math.min(1, cycle.recalled()));
    met("release", Math.min(1, cycle.released()));
    met("unavailable chunk", one(cycle.unavailable()));
  }

  private static int one(List<?> list) {
    return list.isEmpty() ? 0 : 1;
  }
}
