package dev.stowage;

import dev.stowage.model.DatasetId;
import dev.stowage.shape.Figure;
import dev.stowage.shape.Unit;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * Counts of a facade and, while it leads, of its fleet. Immutable.
 *
 * <p>Only a leader knows {@code chunks} to {@code guarded}, {@code stuck} and {@code stuckBytes};
 * in a follower they are {@link #NOT_KNOWN}, -1.
 *
 * @param leading true while this facade leads
 * @param epoch the epoch of its lease, 0 while it follows
 * @param commands commands executed on the mirror while it led, others' news included
 * @param rejected rejected commands
 * @param fenced times that another process took the lease
 * @param hostFailures failures that {@link StowageListener#failed} hears of
 * @param chunks chunk rows in all states
 * @param replicas replicas in all states
 * @param workers worker rows, departed workers included
 * @param waitingChunks chunks that wait for their first placement
 * @param backwardTicks cycles called with a tick before the largest seen
 * @param digest the state digest
 * @param behindTicks ticks of {@link StowageListener#standing} time, 0 until reported
 * @param guarded workers kept last cycle because too many would have departed at once
 * @param setAside news that this facade could not take in ({@link Stowage#quarantine})
 * @param stuck replicas not taken off their worker last cycle though no budget held them
 * @param stuckBytes bytes of those replicas, saturated at {@link Long#MAX_VALUE}
 * @param suspectSamples accepted pressure samples with a value outside 0 to 1
 * @param ingestDelays ingests and offers that the governor delayed
 * @param ingestRefusals ingests and offers that the governor refused
 * @param partRecords records of transfers and propagation that became durable evidence
 * @param partRecordsDropped those for which there was no room ({@link StowageConfig.PartEvidence}),
 *     and those of a commit of unknown outcome
 */
public record StowageStats(
    boolean leading,
    long epoch,
    long commands,
    long rejected,
    long fenced,
    long hostFailures,
    int chunks,
    int replicas,
    int workers,
    long waitingChunks,
    long backwardTicks,
    long digest,
    long behindTicks,
    int guarded,
    long setAside,
    int stuck,
    long stuckBytes,
    long suspectSamples,
    long ingestDelays,
    long ingestRefusals,
    long partRecords,
    long partRecordsDropped) {
  /** The value of a count of the fleet in a facade that follows. */
  public static final int NOT_KNOWN = -1;

  /** The figures of a facade that meters show. */
  static final List<Figure<StowageStats>> FIGURES =
      List.of(
          known("replicas", "replicas in all states", StowageStats::replicas),
          known("replicas.stuck", "replicas that cannot leave", StowageStats::stuck),
          known("workers", "workers, departed ones included", StowageStats::workers),
          known("workers.guarded", "silent workers kept from departing", StowageStats::guarded),
          known(
              "chunks.waiting",
              "chunks that wait for their first placement",
              StowageStats::waitingChunks),
          Figure.total("commands", "commands executed", StowageStats::commands),
          Figure.total("commands.rejected", "commands rejected", StowageStats::rejected),
          Figure.total("fenced", "leases lost to another process", StowageStats::fenced),
          Figure.total("host.failures", "failures of the host's code", StowageStats::hostFailures),
          Figure.total("news.set.aside", "news set aside", StowageStats::setAside),
          Figure.total(
              "evidence.parts",
              "durable records of transfers and propagation",
              StowageStats::partRecords),
          Figure.total(
              "evidence.parts.dropped",
              "dropped records of transfers and propagation",
              StowageStats::partRecordsDropped));

  private static Figure<StowageStats> known(
      String name, String sentence, ToLongFunction<StowageStats> value) {
    return Figure.of(
        name,
        Unit.NONE,
        sentence,
        stats -> {
          long found = value.applyAsLong(stats);
          return found == NOT_KNOWN ? Double.NaN : found;
        });
  }

  /**
   * The times of a stage of a facade's work since the facade was built. Immutable.
   *
   * @param stage the stage
   * @param count the number of runs
   * @param totalNanos the sum of all runs, in nanoseconds
   * @param lastNanos the last run, in nanoseconds
   * @param mostNanos the longest run, in nanoseconds
   */
  public record StageTimes(
      Stage stage, long count, long totalNanos, long lastNanos, long mostNanos) {
    /** A stage. */
    public enum Stage {
      /** Loading the state after a claim or an unknown outcome. */
      LOAD,
      /** A scheduling cycle, from the call to the answer. */
      SCHEDULE,
      /** The plan of a scheduling cycle; a part of {@link #SCHEDULE}. */
      PLAN,
      /** A visibility cycle. */
      PUBLISH,
      /** Any other command, or several that are committed together. */
      COMMAND,
      /** Calls of the store in a transaction: begin and read news, then commit. */
      STORE
    }
  }

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
                "chunks refused for what they are, without repetitions; the 20 datasets with most,"
                    + " and `other`",
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
                "chunks not shown, since readers would see two at a place, likewise",
                "dataset",
                (ChunkRefusals refusals) -> refusals.shownAs(Counts::heldBack)));

    /** Copies the map. */
    public ChunkRefusals {
      byDataset = Collections.unmodifiableSortedMap(new TreeMap<>(byDataset));
    }

    /**
     * Counts of chunks.
     *
     * @param rejected chunks that an ingest, an offer or a cycle rejected for what they are;
     *     harmless repetitions are not counted
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
     * Returns the {@value #SHOWN_DATASETS} datasets with the most refused chunks, most first, and
     * the sum of the others as {@code other}.
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
}
