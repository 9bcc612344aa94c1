package dev.stowage.lifecycle.state;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Annex;
import dev.stowage.lifecycle.FormerFloor;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.model.Chunk;
import dev.stowage.model.DatasetId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The floors that were raised and are not met (section 3). */
public final class Raises {
  /** The segments that are raised step by step; others meet their floors at once. */
  private static final int MOST = 4_096;

  private final Tables tables;
  private volatile Known known = new Known(null, Map.of());

  private record Known(@Nullable Annex annex, Map<DatasetId, Map<Long, Integer>> floors) {}

  Raises(Tables tables) {
    this.tables = tables;
  }

  /** Returns the former floors by dataset and start of the segment. */
  @SuppressWarnings("ReferenceEquality")
  private Map<DatasetId, Map<Long, Integer>> all() {
    Annex kept = tables.fleet.annexes().get(KeptValue.FORMER_FLOORS.kind());
    Known last = known;
    if (kept != last.annex) {
      Map<DatasetId, Map<Long, Integer>> all = new TreeMap<>();
      for (FormerFloor each : KeptValue.FORMER_FLOORS.of(kept)) {
        all.computeIfAbsent(each.dataset(), id -> new TreeMap<>()).put(each.from(), each.floor());
      }
      last = new Known(kept, all);
      known = last;
    }
    return last.floors;
  }

  /** Returns the floor from which the segment of a chunk is raised, at most {@code floor}. */
  int formerFloor(int chunk, int floor) {
    Map<DatasetId, Map<Long, Integer>> all = all();
    if (all.isEmpty()) {
      return floor;
    }
    Map<Long, Integer> of = all.get(dataset(chunk));
    return of == null ? floor : Math.min(floor, of.getOrDefault(from(chunk), floor));
  }

  private DatasetId dataset(int chunk) {
    return tables.chunks.datasets().get(tables.chunks.facts.dataset(chunk));
  }

  private long from(int chunk) {
    Chunk facts = tables.chunks.row(chunk).chunk();
    long lastBlock = tables.rules.lastBlock(tables.chunks.facts.dataset(chunk));
    return tables.fleet.config().weights().from(facts, lastBlock);
  }

  /** Visits the chunks of raised datasets in canonical order. */
  public void forEachChunk(IntConsumer visitor) {
    forEachChunk(all().keySet(), visitor);
  }

  private void forEachChunk(Set<DatasetId> of, IntConsumer visitor) {
    for (int dataset : of.isEmpty() ? new int[0] : tables.chunks.datasetOrder()) {
      if (of.contains(tables.chunks.datasets().get(dataset))) {
        tables.chunks.order(dataset).forEach(visitor);
      }
    }
  }

  /** Returns the former floor of each chunk, before the settings change. */
  public int[] floors() {
    int[] floors = new int[tables.chunks.limit()];
    for (int chunk = 0; chunk < floors.length; chunk++) {
      floors[chunk] = tables.chunks.exists(chunk) ? tables.rules.formerFloor(chunk) : 0;
    }
    return floors;
  }

  /** Keeps the least floor of each segment in which a visible chunk has a higher one now. */
  public void begin(int[] floorsBefore) {
    List<FormerFloor> raised = new ArrayList<>();
    for (int dataset : tables.chunks.datasetOrder()) {
      Map<Long, Integer> least = new TreeMap<>();
      tables
          .chunks
          .order(dataset)
          .forEach(chunk -> {
            if (isPaced(chunk) && floorsBefore[chunk] < tables.rules.floor(chunk)) {
              least.merge(from(chunk), floorsBefore[chunk], Math::min);
            }
          });
      DatasetId id = tables.chunks.datasets().get(dataset);
      least.forEach((from, floor) -> raised.add(new FormerFloor(id, from, floor)));
    }
    keep(raised.subList(0, Math.min(MOST, raised.size())));
  }

  /** Ends the raises of segments all of whose chunks have their floor. */
  public void end() {
    Map<DatasetId, Map<Long, Integer>> all = all();
    Map<DatasetId, Set<Long>> unmet = new TreeMap<>();
    forEachChunk(chunk -> {
      if (!isMet(chunk)) {
        unmet.computeIfAbsent(dataset(chunk), id -> new TreeSet<>()).add(from(chunk));
      }
    });
    List<FormerFloor> kept = tables.fleet.kept(KeptValue.FORMER_FLOORS);
    List<FormerFloor> left =
        kept.stream()
            .filter(it -> unmet.getOrDefault(it.dataset(), Set.of()).contains(it.from()))
            .toList();
    if (left.size() < kept.size()) {
      keep(left);
      forEachChunk(all.keySet(), tables::touch);
    }
  }

  /** Reports whether a chunk of a raised segment lacks copies of its floor. */
  boolean isAnyUnmet() {
    boolean[] unmet = {false};
    forEachChunk(chunk -> unmet[0] |= !isMet(chunk));
    return unmet[0];
  }

  private boolean isMet(int chunk) {
    return !isPaced(chunk)
        || !tables.chunks.isOncePossessed(chunk)
        || tables.rules.possessedOnCounted(chunk) >= tables.rules.floor(chunk);
  }

  private void keep(List<FormerFloor> floors) {
    if (!floors.equals(tables.fleet.kept(KeptValue.FORMER_FLOORS))) {
      tables.keep(KeptValue.FORMER_FLOORS.with(floors));
    }
  }

  /**
   * Reports whether a raised floor of a chunk is met step by step. Portals see a chunk only once it
   * has its whole floor, so that one which they do not see must not wait.
   */
  boolean isPaced(int chunk) {
    return tables.chunks.stateOf(chunk) == ChunkState.VISIBLE;
  }
}
