package dev.stowage;

import dev.stowage.answer.LeaderStanding;
import dev.stowage.answer.Progress;
import dev.stowage.columns.WideSum;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Figure;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Unit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Counts of the health of a fleet. Immutable.
 *
 * @param progress the copies to go
 * @param standing the figures that a cycle keeps for other processes, counted anew
 * @param domains the fill of each first-level domain; a worker without a zone is its own domain
 * @param datasets the counts of each dataset that has live chunks
 * @param newest the datasets whose newest chunks lie most in one place
 * @param draining the replicas that are superseded or draining
 * @param pauseSeconds the seconds until deletions go on after commits may have been lost; 0 if they
 *     do
 */
public record FleetCensus(
    Progress progress,
    LeaderStanding standing,
    SortedMap<String, Fill> domains,
    SortedMap<DatasetId, DatasetCount> datasets,
    List<NewestShare> newest,
    int draining,
    Workers workers,
    double pauseSeconds) {
  /** The figures of a fleet. */
  static final List<Figure<FleetCensus>> FIGURES = figures();

  /** Copies the list and the maps. */
  public FleetCensus {
    domains = Collections.unmodifiableSortedMap(new TreeMap<>(domains));
    datasets = Collections.unmodifiableSortedMap(new TreeMap<>(datasets));
    newest = List.copyOf(newest);
  }

  /**
   * Counts of workers.
   *
   * @param suspect those that are suspect
   * @param leaving those that are to leave
   * @param owing those that count for nothing until they have sent an inventory
   */
  public record Workers(int suspect, int leaving, int owing) {}

  /**
   * The used and total bytes of a group of workers.
   *
   * @param usedBytes bytes assigned or held, saturated
   * @param capacityBytes their capacity, saturated
   * @param share the used share before saturation; 0 without capacity
   */
  public record Fill(long usedBytes, long capacityBytes, double share) {}

  /**
   * The live chunks of a dataset.
   *
   * @param bytes the bytes of one copy of each, saturated
   * @param copiesWanted the copies that are assigned, and what floors lack beyond them
   * @param copiesHeld the copies that counted workers possess, those that are to go included
   * @param underFloor the chunks that {@link LeaderStanding#underFloor} counts
   * @param atRisk the chunks that {@link LeaderStanding#atRisk} counts
   * @param raising the chunks that {@link FleetCensus#raising} counts
   */
  public record DatasetCount(
      DatasetId dataset,
      long chunks,
      @Declare(name = "size_bytes") long bytes,
      long copiesWanted,
      long copiesHeld,
      long underFloor,
      long atRisk,
      long raising) {
    /** The fields of a count. */
    static final Shape<DatasetCount> SHAPE = Shape.derived("dataset_count", DatasetCount.class);
  }

  private static List<Figure<FleetCensus>> figures() {
    List<Figure<FleetCensus>> all = new ArrayList<>();
    all.add(Figure.of("chunks", Unit.NONE, "live chunks", FleetCensus::chunks));
    all.addAll(Figure.ofFields(Shape.of(LeaderStanding.class), FleetCensus::standing));
    all.addAll(
        List.of(
            Figure.of(
                "chunks.raising",
                Unit.NONE,
                "visible chunks that lack only copies of a raised floor",
                FleetCensus::raising),
            Figure.of(
                "replicas.draining",
                Unit.NONE,
                "superseded and draining replicas",
                FleetCensus::draining),
            Figure.of("workers.suspect", Unit.NONE, "suspect workers", it -> it.workers.suspect),
            Figure.of("workers.leaving", Unit.NONE, "leaving workers", it -> it.workers.leaving),
            Figure.of(
                "workers.owing",
                Unit.NONE,
                "workers that owe an inventory",
                it -> it.workers.owing),
            Figure.of(
                "lineage.pause",
                Unit.SECONDS,
                "time left of the pause of a lineage, or 0",
                FleetCensus::pauseSeconds),
            Figure.of(
                "fill",
                Unit.NONE,
                "used share of the capacity of present workers",
                FleetCensus::share),
            Figure.of(
                "domains",
                Unit.NONE,
                "domains of the first level with workers",
                census -> census.domains.size()),
            Figure.each(
                "domain.fill",
                Unit.NONE,
                "used share of a domain of the first level",
                "domain",
                FleetCensus::shares),
            Figure.each(
                "newest.times.fair",
                Unit.NONE,
                "most copies of a dataset's newest 20 chunks on one active worker, over its fair"
                    + " part by capacity; the 20 greatest",
                "dataset",
                FleetCensus::timesFair)));
    return Collections.unmodifiableList(all);
  }

  /** Returns the number of live chunks. */
  public long chunks() {
    return datasets.values().stream().mapToLong(DatasetCount::chunks).sum();
  }

  /** Returns the visible chunks between their former floor and a raised one. */
  public long raising() {
    return datasets.values().stream().mapToLong(DatasetCount::raising).sum();
  }

  private double share() {
    double used = domains.values().stream().mapToDouble(Fill::usedBytes).sum();
    double capacity = domains.values().stream().mapToDouble(Fill::capacityBytes).sum();
    return capacity == 0 ? 0 : used / capacity;
  }

  private Map<String, Double> shares() {
    Map<String, Double> shares = new LinkedHashMap<>();
    domains.forEach((domain, fill) -> shares.put(domain, fill.share()));
    return shares;
  }

  private Map<String, Double> timesFair() {
    Map<String, Double> shares = new LinkedHashMap<>();
    newest.forEach(share -> shares.put(share.dataset().value(), share.timesFair()));
    return shares;
  }

  /**
   * The part of a dataset's newest copies on the worker that has most of them beside its fair
   * share. Readers ask for the newest. Fair is the worker's share of the capacity of all active
   * workers; copies on other workers are not counted.
   *
   * @param copies copies of the newest chunks on active workers, at least 1
   * @param worker the worker
   * @param most its copies of them
   * @param timesFair {@code most} over the fair number, at least about 1
   */
  public record NewestShare(
      DatasetId dataset, int copies, WorkerId worker, int most, double timesFair) {
    /** The last live chunks of a dataset by canonical order that count as its newest. */
    public static final int CHUNKS = 20;

    /** The datasets that figures name, those with the greatest {@link #timesFair}. */
    public static final int DATASETS = 20;

    private static final Comparator<NewestShare> GREATEST_FIRST =
        Comparator.comparingDouble(NewestShare::timesFair)
            .reversed()
            .thenComparing(NewestShare::dataset);

    /** Returns at most {@link #DATASETS} shares, greatest first. */
    public static List<NewestShare> greatest(List<NewestShare> all) {
      return all.stream().sorted(GREATEST_FIRST).limit(DATASETS).toList();
    }

    /** Computes the shares of datasets on the same workers. Not thread-safe. */
    public static final class Counter {
      private final IntFunction<@Nullable Worker> workers;
      private final double capacity;
      private final int[] copies;
      private final int[] touched;

      /** Creates a counter of workers by position, null where there is none. */
      public Counter(int workerLimit, IntFunction<@Nullable Worker> workers) {
        this.workers = workers;
        WideSum sum = new WideSum();
        for (int worker = 0; worker < workerLimit; worker++) {
          sum.add(capacityOf(worker));
        }
        capacity = sum.approximate();
        copies = new int[workerLimit];
        touched = new int[workerLimit];
      }

      private long capacityOf(int worker) {
        Worker described = workers.apply(worker);
        return described == null || described.status() != WorkerStatus.ACTIVE
            ? 0
            : described.capacityBytes();
      }

      /**
       * Returns the share of a dataset; empty if no active worker has a copy.
       *
       * @param holders the workers of each of its newest chunks
       */
      public Optional<NewestShare> of(DatasetId dataset, Iterable<int[]> holders) {
        int used = 0;
        int all = 0;
        for (int[] each : holders) {
          for (int worker : each) {
            if (capacityOf(worker) > 0) {
              all++;
              if (copies[worker]++ == 0) {
                touched[used++] = worker;
              }
            }
          }
        }
        NewestShare greatest = null;
        for (int i = 0; i < used; i++) {
          int worker = touched[i];
          int count = copies[worker];
          copies[worker] = 0;
          Worker described = Objects.requireNonNull(workers.apply(worker));
          double times = count * (capacity / described.capacityBytes()) / all;
          NewestShare share = new NewestShare(dataset, all, described.id(), count, times);
          if (greatest == null
              || times > greatest.timesFair
              || (times == greatest.timesFair && share.worker.compareTo(greatest.worker) < 0)) {
            greatest = share;
          }
        }
        return Optional.ofNullable(greatest);
      }
    }
  }
}
