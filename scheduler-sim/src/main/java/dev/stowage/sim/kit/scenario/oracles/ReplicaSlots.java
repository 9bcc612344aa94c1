package dev.stowage.sim.kit.scenario.oracles;

import dev.stowage.config.PlacementConfig;
import dev.stowage.config.Reason.MaskRule;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.DatasetId;
import dev.stowage.placement.rules.MaskRules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The slots of the replicas of one chunk. */
public final class ReplicaSlots {
  private ReplicaSlots() {}

  /** Returns the slots in the order of their workers; none of a chunk at {@code NONE}. */
  public static List<Integer> of(LifecycleView books, int chunk) {
    List<Integer> slots = new ArrayList<>();
    int slot = chunk < 0 ? LifecycleView.NONE : books.firstReplica(chunk);
    while (slot != LifecycleView.NONE) {
      slots.add(slot);
      slot = books.nextReplica(slot);
    }
    return slots;
  }

  /**
   * Returns the copies of a chunk that come before bonuses: its floor, or more that an announced
   * absence asks for beside a copy that is assigned to the worker.
   */
  public static int beforeBonuses(LifecycleView books, int chunk) {
    return of(books, chunk).stream()
        .filter(slot -> books.supersededAt(slot) == 0)
        .mapToInt(slot -> books.workerRow(books.replicaWorker(slot)).leastCopies())
        .reduce(books.floor(chunk), Math::max);
  }

  /** Reports whether no rule, and no limit of domains, may refuse a worker a chunk. */
  static boolean mayTake(LifecycleView books, int chunk, int worker, Collection<Integer> beside) {
    return !mayRefuse(books, books.chunkKey(chunk).dataset(), worker)
        && books.config().placement().maxPerDomain().entrySet().stream()
            .allMatch(limit -> {
              String domain = books.worker(worker).domain(limit.getKey());
              long in =
                  beside.stream()
                      .filter(it -> books.worker(it).domain(limit.getKey()).equals(domain))
                      .count();
              return in < limit.getValue();
            });
  }

  /** Reports whether a rule may keep a plan from giving a worker a chunk of a dataset. */
  public static boolean mayRefuse(LifecycleView books, DatasetId dataset, int worker) {
    PlacementConfig config = books.config().placement();
    Set<DatasetId> held = new HashSet<>();
    int slot = MaskRules.isAny(config) ? books.firstReplicaOn(worker) : LifecycleView.NONE;
    while (slot != LifecycleView.NONE) {
      held.add(books.chunkKey(books.replicaChunk(slot)).dataset());
      slot = books.nextReplicaOn(slot);
    }
    return MaskRules.mayRefuse(
        config, dataset, new MaskRule.Holdings(books.worker(worker), held::contains));
  }
}
