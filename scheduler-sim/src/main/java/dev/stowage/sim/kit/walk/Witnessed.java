package dev.stowage.sim.kit.walk;

import dev.stowage.StowageListener;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.sim.kit.scenario.Story;
import dev.stowage.sim.kit.scenario.draw.Sight;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts the cases that a walk meets, by hearing every command and its result. Not thread-safe. */
final class Witnessed implements StowageListener {
  private final TreeMap<String, Long> counts = new TreeMap<>();
  private final Map<ChunkNumber, MoveRecord> known = new HashMap<>();
  private int cap;
  private SortedMap<Integer, Integer> ofDomains = new TreeMap<>();

  void begins(Story story) {
    cap = story.books().config().maxReplication();
    ofDomains = story.books().config().placement().maxPerDomain();
  }

  void met(String what) {
    met(what, 1);
  }

  void met(String what, long times) {
    if (times > 0) {
      counts.merge(what, times, Long::sum);
    }
  }

  /** Counts what an oracle judged; 0 makes an oracle known that was not asked. */
  void asked(String oracle, long times) {
    counts.merge(oracle, times, Long::sum);
  }

  boolean isMet(String what) {
    return counts.getOrDefault(what, 0L) > 0;
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
    } else if (command instanceof Command.Away away) {
      met(away.isBack() ? "absence taken back" : "announced absence");
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
    met("budget held back by pressure", one(cycle.budget().heldByPressure()));
    met("budget held back in flight", one(cycle.budget().heldInFlight()));
    met("budget held back by failures", one(cycle.budget().heldByFailures()));
  }

  private void published(Result.Published cycle) {
    met("fired swap", cycle.fired().size());
    met("recall", Math.min(1, cycle.recalled()));
    met("release", Math.min(1, cycle.released()));
    met("unavailable chunk", one(cycle.unavailable()));
  }

  private static int one(long bytes) {
    return bytes > 0 ? 1 : 0;
  }

  private static int one(List<?> list) {
    return list.isEmpty() ? 0 : 1;
  }

  // ---- bounds, and how they change ----

  void observe(String line, Story story) {
    moves(story.moves());
    LifecycleSnapshot books = story.books();
    String[] words = line.split(" ");
    switch (words[0]) {
      case "set" -> settings(line, books);
      case "worker" -> met("zone path", line.matches(".* zone=[^ ]+/.*") ? 1 : 0);
      case "zone" -> zone(words, books);
      case "max_replicas" -> count(books, WorkerId.of(words[1]));
      case "schedule" -> story.scheduled().ifPresent(this::stuck);
      default -> {}
    }
  }

  private void settings(String line, LifecycleSnapshot books) {
    int newCap = books.config().maxReplication();
    met("cap lowered", newCap < cap ? 1 : 0);
    met("cap raised", newCap > cap ? 1 : 0);
    met("cap of a segment", line.contains(" max: ") ? 1 : 0);
    cap = newCap;
    SortedMap<Integer, Integer> limits = books.config().placement().maxPerDomain();
    boolean isOther = !limits.equals(ofDomains);
    met("limit of domains set", isOther && !limits.isEmpty() ? 1 : 0);
    met("limit of domains lifted", isOther && limits.isEmpty() ? 1 : 0);
    ofDomains = limits;
  }

  private void zone(String[] words, LifecycleSnapshot books) {
    met("another zone");
    boolean isHolder = new Sight(books).held(WorkerId.of(words[1])) > 0;
    met("another zone of a holder", isHolder ? 1 : 0);
  }

  private void count(LifecycleSnapshot books, WorkerId id) {
    int worker = books.workerPosition(id);
    // A story that is made shorter may describe a worker that is not there any more.
    boolean isBelow = worker >= 0 && new Sight(books).held(id) > books.worker(worker).maxReplicas();
    met("count below what is held", isBelow ? 1 : 0);
  }

  private void stuck(Result.Scheduled cycle) {
    cycle.stuck().forEach(each -> met("stuck: " + each.reason().name().toLowerCase(Locale.ROOT)));
  }

  // ---- how far moves come ----

  private void moves(List<MoveRecord> moves) {
    for (MoveRecord move : moves) {
      MoveRecord former = known.put(move.chunk(), move);
      boolean isAnother =
          former == null
              || former.askedTick() != move.askedTick()
              || !former.to().equals(move.to());
      if (isAnother) {
        met("move asked");
      }
      if (isAnother || former.phase() != move.phase()) {
        reached(move.phase());
      }
    }
  }

  private void reached(MoveRecord.Phase phase) {
    switch (phase) {
      case ASKED -> {}
      case COPYING -> met("move begun");
      case DONE -> met("move finished");
      case REFUSED -> met("move refused");
      case ABORTED -> met("move aborted");
    }
  }
}
