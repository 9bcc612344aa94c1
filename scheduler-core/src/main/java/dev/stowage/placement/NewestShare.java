package dev.stowage.placement;

import dev.stowage.columns.WideSum;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The part of a dataset's newest copies on the worker that has most of them beside its fair share.
 * Readers ask for the newest. Fair is the worker's share of the capacity of all active workers;
 * copies on other workers are not counted.
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

  /** Throws {@code NullPointerException} if a name is null. */
  public NewestShare {
    Objects.requireNonNull(dataset, "dataset");
    Objects.requireNonNull(worker, "worker");
  }

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
