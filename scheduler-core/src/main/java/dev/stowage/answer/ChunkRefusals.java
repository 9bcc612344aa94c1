package dev.stowage.answer;

import dev.stowage.model.DatasetId;
import dev.stowage.shape.Figure;
import dev.stowage.shape.Unit;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * The chunks that a facade refused since it was built, by dataset. Immutable.
 *
 * @param byDataset the counts of each dataset, at most {@value #MOST_DATASETS}
 * @param other the counts of all datasets beyond these
 */
public record ChunkRefusals(SortedMap<DatasetId, Counts> byDataset, Counts other) {
  /** The most datasets that are counted apart; names come from hosts and so need a bound. */
  public static final int MOST_DATASETS = 10_000;

  /** The datasets that meters name. */
  public static final int SHOWN_DATASETS = 20;

  /** The figures of refused chunks. */
  static final List<Figure<ChunkRefusals>> FIGURES =
      List.of(
          Figure.each(
              "dataset.rejected",
              Unit.NONE,
              "chunks refused for what they are since the facade was built, repetitions left out;"
                  + " the 20 datasets with most, and `other`",
              "dataset",
              (ChunkRefusals refusals) -> refusals.shownAs(Counts::rejected)),
          Figure.each(
              "dataset.backpressure",
              Unit.NONE,
              "chunks refused because too many wait, likewise",
              "dataset",
              (ChunkRefusals refusals) -> refusals.shownAs(Counts::backpressure)),
          Figure.each(
              "dataset.held.back",
              Unit.NONE,
              "chunks whose promotion a cycle held back, since readers would see two at a place,"
                  + " likewise",
              "dataset",
              (ChunkRefusals refusals) -> refusals.shownAs(Counts::heldBack)));

  /** Copies the map. */
  public ChunkRefusals {
    byDataset = Collections.unmodifiableSortedMap(new TreeMap<>(byDataset));
    Objects.requireNonNull(other, "other");
  }

  /**
   * Counts of chunks.
   *
   * @param rejected chunks that an ingest, an offer or a cycle rejected for what they are; harmless
   *     repetitions are not counted
   * @param backpressure chunks not taken because too many wait or the governor refused them
   * @param heldBack times that a cycle did not promote a chunk, which would overlap a visible one
   */
  public record Counts(long rejected, long backpressure, long heldBack) {
    /** No chunks. */
    public static final Counts NONE = new Counts(0, 0, 0);

    /** Returns the sum of the counts. */
    public long chunks() {
      return rejected + backpressure + heldBack;
    }

    /** Returns the sum with others. */
    public Counts plus(Counts more) {
      return new Counts(
          rejected + more.rejected, backpressure + more.backpressure, heldBack + more.heldBack);
    }
  }

  private Map<String, Double> shownAs(ToLongFunction<Counts> count) {
    Map<String, Double> values = new LinkedHashMap<>();
    shown().forEach((dataset, counts) -> values.put(dataset, (double) count.applyAsLong(counts)));
    return values;
  }

  /**
   * Returns the {@value #SHOWN_DATASETS} datasets with the most refused chunks, most first, and the
   * sum of the others as {@code other}.
   */
  public Map<String, Counts> shown() {
    Map<String, Counts> shown = new LinkedHashMap<>();
    Counts rest = other;
    int left = SHOWN_DATASETS;
    Comparator<Map.Entry<DatasetId, Counts>> most =
        Comparator.comparingLong(each -> -each.getValue().chunks());
    for (var each :
        byDataset.entrySet().stream().sorted(most.thenComparing(Map.Entry::getKey)).toList()) {
      if (left-- > 0) {
        shown.put(each.getKey().value(), each.getValue());
      } else {
        rest = rest.plus(each.getValue());
      }
    }
    shown.merge("other", rest, Counts::plus);
    return shown;
  }
}
