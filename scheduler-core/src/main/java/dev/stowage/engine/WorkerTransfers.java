package dev.stowage.engine;

import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was followed for one worker: up to which assignment, what is on the way to it, and what
 * arrived and was not reported yet.
 */
public final class WorkerTransfers {
  private static final WorkerAssignmentId NOTHING = WorkerAssignmentId.of(0);

  private final Map<ChunkNumber, TransferTask> copies = new LinkedHashMap<>();

  private final Set<ChunkNumber> arrived = new HashSet<>();

  /** Chunks to be reported, by the assignment in which they first appeared; may be too many. */
  private final TreeMap<Long, Set<ChunkNumber>> awaited = new TreeMap<>();

  /** How many bytes of a copy that came in part are good. */
  private final Map<ChunkNumber, Long> parts = new HashMap<>();

  private @Nullable TransferTask slice;
  private Lineage lineage = Lineage.of(0);
  private WorkerAssignmentId known = NOTHING;
  private Incarnation incarnation = Incarnation.of(0);
  private int position;
  private boolean isCounted;

  /**
   * Takes in where the worker stands now, and reports whether its disk is another one: then the
   * copies on the disk before are gone.
   */
  public boolean meet(int newPosition, Incarnation now) {
    position = newPosition;
    if (incarnation.equals(now)) {
      return false;
    }
    incarnation = now;
    arrived.clear();
    parts.clear();
    known = NOTHING;
    return true;
  }

  /** Follows the whole slice next, whatever was followed before. */
  public void followAll() {
    known = NOTHING;
  }

  public void followed(WorkerAssignmentId id, Lineage of) {
    known = id;
    lineage = of;
  }

  public boolean isUpTo(WorkerAssignmentId id, Lineage of) {
    return known.equals(id) && lineage.equals(of);
  }

  public boolean isFollowedAnew() {
    return known.equals(NOTHING);
  }

  public WorkerAssignmentId known() {
    return known;
  }

  public Lineage lineage() {
    return lineage;
  }

  public int position() {
    return position;
  }

  /** Takes in whether replicas of the worker count, and reports whether that is another answer. */
  public boolean count(boolean now) {
    boolean isNews = isCounted != now;
    isCounted = now;
    return isNews;
  }

  /** Takes out the chunks whose report an applied assignment covers. */
  public void takeReported(long applied, Collection<ChunkNumber> to) {
    SortedMap<Long, Set<ChunkNumber>> covered = awaited.headMap(applied + 1);
    covered.values().forEach(to::addAll);
    covered.clear();
  }

  public @Nullable TransferTask copy(ChunkNumber number) {
    return copies.get(number);
  }

  public List<TransferTask> copies() {
    return List.copyOf(copies.values());
  }

  public @Nullable TransferTask slice() {
    return slice;
  }

  /** Reports whether a copy arrived, and the worker did not say since that it lacks it. */
  public boolean hasArrived(ChunkNumber number) {
    return arrived.contains(number);
  }

  /** Reports whether a copy had arrived. */
  public boolean forgetArrival(ChunkNumber number) {
    return arrived.remove(number);
  }

  boolean hasArrivals() {
    return !arrived.isEmpty();
  }

  List<ChunkNumber> arrivals() {
    return List.copyOf(arrived);
  }

  public void forgetArrivals() {
    arrived.clear();
  }

  /** Keeps how many bytes of a copy need not be sent again; 0 if it is to be sent whole. */
  public void keepPart(ChunkNumber number, long goodBytes) {
    if (goodBytes == 0) {
      parts.remove(number);
    } else {
      parts.put(number, goodBytes);
    }
  }

  public long goodBytes(ChunkNumber number) {
    return parts.getOrDefault(number, 0L);
  }

  void arrive(ChunkNumber number) {
    parts.remove(number);
    arrived.add(number);
  }

  void begin(TransferTask task) {
    if (task.entry() == null) {
      slice = task;
    } else {
      ChunkNumber number = task.entry().number();
      copies.put(number, task);
      awaited.computeIfAbsent(task.entry().since(), key -> new HashSet<>()).add(number);
    }
  }

  void end(TransferTask task) {
    if (task.entry() != null) {
      copies.remove(task.entry().number(), task);
    } else if (task.equals(slice)) {
      slice = null;
    }
  }
}
