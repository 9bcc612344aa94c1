package dev.stowage.sim.kit.walk;

import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.sim.kit.scenario.Story;
import dev.stowage.sim.kit.world.Chance;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Draws a departure that leaves a chunk short of its floor: those that could take a copy are
 * cordoned for the length of one cycle. Somebody else has a copy of everything, so it can be made
 * good. Left to other deeds that is rare. Not thread-safe.
 */
final class StarvedFloor implements Provocation {
  private static final int PERCENT_OF_WALKS = 40;
  private static final int PERCENT_OF_STEPS = 3;
  private static final int MOST_FLOOR = 4;

  private final Chance chance;
  private final boolean isWanted;

  /** Draws from this, for a share of the walks. */
  StarvedFloor(Chance chance) {
    this.chance = chance;
    isWanted = chance.happens(PERCENT_OF_WALKS);
  }

  /** The departure, the cycle that finds the floor short, and the way back. */
  @Override
  public List<String> lines(Story story) {
    if (!isWanted || !chance.happens(PERCENT_OF_STEPS)) {
      return List.of();
    }
    LifecycleSnapshot books = story.books();
    Sight sight = new Sight(books);
    List<List<String>> ways = new ArrayList<>();
    books.forEachChunk(chunk -> {
      Set<WorkerId> holders = holders(books, chunk);
      int floor = books.floor(chunk);
      boolean canFall = books.isLive(chunk) && holders.size() > 1 && holders.size() <= MOST_FLOOR;
      for (WorkerId leaver : canFall ? holders : Set.<WorkerId>of()) {
        if (sight.canSpare(leaver) && Packing.fits(books, Set.of(leaver))) {
          ways.add(way(sight, holders, leaver, Math.max(floor, holders.size())));
        }
      }
    });
    return ways.isEmpty() ? List.of() : ways.get(chance.below(ways.size()));
  }

  /** Who is to hold a chunk and is there. */
  private static Set<WorkerId> holders(LifecycleSnapshot books, int chunk) {
    Set<WorkerId> holders = new TreeSet<>();
    for (int slot = books.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = books.nextReplica(slot)) {
      if (books.supersededAt(slot) == 0 && books.isPresent(books.replicaWorker(slot))) {
        holders.add(books.workerId(books.replicaWorker(slot)));
      }
    }
    return holders;
  }

  private static List<String> way(Sight sight, Set<WorkerId> holders, WorkerId leaver, int floor) {
    int former = sight.books().config().minReplication();
    List<WorkerId> takers = new ArrayList<>(sight.workers(each -> each == WorkerStatus.ACTIVE));
    takers.removeAll(holders);
    List<String> lines = new ArrayList<>();
    takers.forEach(id -> lines.add("cordon " + id));
    lines.add("set floor=" + floor);
    lines.add("leave " + leaver);
    lines.add("schedule");
    lines.add("set floor=" + former);
    takers.forEach(id -> lines.add("uncordon " + id));
    return lines;
  }
}
