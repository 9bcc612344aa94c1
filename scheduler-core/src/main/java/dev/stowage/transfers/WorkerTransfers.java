package dev.stowage.transfers;

import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The followed assignment of a worker and the copies that it lacks. */
final class WorkerTransfers {
  private static final WorkerAssignmentId NOTHING = WorkerAssignmentId.of(0);

  private static final int MOST_ROOM = 512;

  private static final int LEAST_DEPTH = 32;

  private static final int CALM_TURNS = 16;

  private final WorkerId id;

  private final Set<WorkerCopy> copies = new LinkedHashSet<>();

  // Chunks that may await a report, by the assignment in which they first appeared.
  private final TreeMap<Long, Set<ChunkNumber>> awaited = new TreeMap<>();

  @Nullable TransferTask slice;

  // How many transfers the worker can run at once, if it said so.
  int room;

  long downlink = Worker.UNBOUNDED;

  private int depth;
  private boolean hasIdled;
  private int calmTurns;

  private Lineage lineage = Lineage.of(0);
  private WorkerAssignmentId known = NOTHING;
  private Incarnation incarnation = Incarnation.of(0);
  private int position;
  private boolean isCounted;
  private long seenIn;

  WorkerTransfers(WorkerId id) {
    this.id = id;
  }

  WorkerId id() {
    return id;
  }

  /** Returns how many may be on the way: each that ends is followed by one that waits. */
  int window() {
    return Math.max(Math.max(1, depth), 2 * Math.min(room, MOST_ROOM));
  }

  /** Deepens the window of a worker that idled, once between two turns; reports whether it did. */
  boolean deepen() {
    boolean isFirst = !hasIdled;
    hasIdled = true;
    depth = isFirst ? Math.min(2 * MOST_ROOM, Math.max(LEAST_DEPTH, 4 * window())) : depth;
    return isFirst;
  }

  /** Halves what was added after some turns without idling; reports whether that changed it. */
  boolean settle() {
    calmTurns = hasIdled ? 0 : calmTurns + 1;
    hasIdled = false;
    if (calmTurns < CALM_TURNS) {
      return false;
    }
    calmTurns = 0;
    depth = depth / 2 < LEAST_DEPTH ? 0 : depth / 2;
    return true;
  }

  boolean isDeep() {
    return depth > 0;
  }

  boolean meet(int newPosition, Incarnation now) {
    position = newPosition;
    boolean isAnother = !incarnation.equals(now);
    if (isAnother) {
      incarnation = now;
      known = NOTHING;
    }
    return isAnother;
  }

  void followAll() {
    known = NOTHING;
  }

  void followed(WorkerAssignmentId id, Lineage of) {
    known = id;
    lineage = of;
  }

  boolean isUpTo(WorkerAssignmentId id, Lineage of) {
    return known.equals(id) && lineage.equals(of);
  }

  boolean isFollowedAnew() {
    return known.equals(NOTHING);
  }

  WorkerAssignmentId known() {
    return known;
  }

  Lineage lineage() {
    return lineage;
  }

  int position() {
    return position;
  }

  // 0 without a slice.
  void see(long look) {
    seenIn = look;
  }

  boolean isSeen(long look) {
    return seenIn == look;
  }

  boolean count(boolean now) {
    boolean isNews = isCounted != now;
    isCounted = now;
    return isNews;
  }

  void takeReported(long applied, Collection<ChunkNumber> to) {
    if (!awaited.isEmpty()) {
      SortedMap<Long, Set<ChunkNumber>> covered = awaited.headMap(applied + 1);
      covered.values().forEach(to::addAll);
      covered.clear();
    }
  }

  void await(ChunkNumber number, long since) {
    awaited.computeIfAbsent(since, key -> new HashSet<>()).add(number);
  }

  List<TransferTask> tasks() {
    List<TransferTask> tasks = new ArrayList<>();
    for (WorkerCopy copy : copies) {
      if (copy.task != null) {
        tasks.add(copy.task);
      }
    }
    return tasks;
  }

  List<WorkerCopy> copies(Predicate<WorkerCopy> which) {
    return copies.stream().filter(which).toList();
  }

  void add(WorkerCopy copy) {
    copies.add(copy);
  }

  void remove(WorkerCopy copy) {
    copies.remove(copy);
  }
}
