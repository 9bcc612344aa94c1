package dev.stowage.lifecycle.state;

import dev.stowage.lifecycle.Annex;
import dev.stowage.lifecycle.FormerFloors;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.model.DatasetId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The floors that were raised and are not met (section 3). */
public final class Raises {
  /** The former floors that are kept of one dataset; a further raise keeps the ones before it. */
  private static final int MOST_OF_A_DATASET = 4;

  /** The datasets that are raised step by step; others meet their floors at once. */
  private static final int MOST_DATASETS = 4_096;

  private final Tables tables;
  private volatile Known known = new Known(null, Map.of());

  private record Known(@Nullable Annex annex, Map<DatasetId, List<FormerFloors>> byDataset) {}

  Raises(Tables tables) {
    this.tables = tables;
  }

  @SuppressWarnings("ReferenceEquality")
  private Map<DatasetId, List<FormerFloors>> all() {
    Annex kept = tables.fleet.annexes.get(KeptValue.FORMER_FLOORS.kind());
    Known last = known;
    if (kept != last.annex) {
      Map<DatasetId, List<FormerFloors>> all = new TreeMap<>();
      for (FormerFloors each : KeptValue.FORMER_FLOORS.of(kept)) {
        all.computeIfAbsent(each.dataset(), dataset -> new ArrayList<>()).add(each);
      }
      last = new Known(kept, all);
      known = last;
    }
    return last.byDataset;
  }

  public boolean isAny() {
    return !all().isEmpty();
  }

  /** Returns the least floor of a chunk since its dataset met its floors. */
  int formerFloor(int chunk, int floor) {
    Map<DatasetId, List<FormerFloors>> all = all();
    if (all.isEmpty()) {
      return floor;
    }
    int number = tables.chunks.facts.dataset(chunk);
    List<FormerFloors> of = all.get(tables.chunks.datasets().get(number));
    return of == null
        ? floor
        : FormerFloors.least(
            of, tables.chunks.row(chunk).chunk(), tables.rules.lastBlock(number), floor);
  }

  /** Visits the chunks of raised datasets in canonical order. */
  public void forEachChunk(IntConsumer visitor) {
    Map<DatasetId, List<FormerFloors>> all = all();
    if (all.isEmpty()) {
      return;
    }
    for (int dataset : tables.chunks.datasetOrder()) {
      if (all.containsKey(tables.chunks.datasets().get(dataset))) {
        tables.chunks.order(dataset).forEach(visitor);
      }
    }
  }

  /** Keeps the floors of before where a chunk that was placed has a higher one now. */
  public void begin(LifecycleConfig before, int[] floorsBefore) {
    Map<DatasetId, List<FormerFloors>> more = new TreeMap<>();
    all().forEach((dataset, of) -> more.put(dataset, new ArrayList<>(of)));
    int count = more.values().stream().mapToInt(List::size).sum();
    for (int dataset : tables.chunks.datasetOrder()) {
      DatasetId id = tables.chunks.datasets().get(dataset);
      boolean[] isRaised = {false};
      tables
          .chunks
          .order(dataset)
          .forEach(chunk ->
              isRaised[0] |= isPaced(chunk) && floorsBefore[chunk] < tables.rules.floor(chunk));
      if (isRaised[0] && (more.containsKey(id) || more.size() < MOST_DATASETS)) {
        List<FormerFloors> of = more.computeIfAbsent(id, key -> new ArrayList<>());
        FormerFloors floors =
            new FormerFloors(id, before.minReplication(), before.weights().only(id));
        if (!of.contains(floors) && of.size() < MOST_OF_A_DATASET) {
          of.add(floors);
        }
      }
    }
    if (more.values().stream().mapToInt(List::size).sum() > count) {
      keep(more);
    }
  }

  /** Ends the raises of datasets all of whose chunks have their floor. */
  public void end() {
    if (!isAny()) {
      return;
    }
    Map<DatasetId, List<FormerFloors>> left = new TreeMap<>(all());
    for (int dataset : tables.chunks.datasetOrder()) {
      DatasetId id = tables.chunks.datasets().get(dataset);
      boolean[] isMet = {left.containsKey(id)};
      if (isMet[0]) {
        tables.chunks.order(dataset).forEach(chunk -> isMet[0] &= isMet(chunk));
      }
      if (isMet[0]) {
        left.remove(id);
        tables.chunks.order(dataset).forEach(tables::touch);
      }
    }
    left.keySet().removeIf(id -> tables.chunks.dataset(id) < 0);
    if (left.size() < all().size()) {
      keep(left);
    }
  }

  private boolean isMet(int chunk) {
    return !isPaced(chunk)
        || !tables.chunks.isOncePossessed(chunk)
        || tables.rules.possessedOnCounted(chunk) >= tables.rules.floor(chunk);
  }

  /** Reports whether a chunk is one whose raised floor is met step by step. */
  public boolean isPaced(int chunk) {
    return tables.chunks.isLive(chunk) && tables.chunks.isEstablished(chunk);
  }

  private void keep(Map<DatasetId, List<FormerFloors>> all) {
    List<FormerFloors> list = all.values().stream().flatMap(List::stream).toList();
    tables.fleet.keep(KeptValue.FORMER_FLOORS.with(list));
  }
}
