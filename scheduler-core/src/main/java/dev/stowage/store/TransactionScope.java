package dev.stowage.store;

import dev.stowage.model.DatasetId;
import java.util.List;

/**
 * The writers of other processes that wait until a transaction ends. Rows are locked in this order,
 * so that two transactions never wait for each other.
 *
 * @param datasets the datasets decided about, sorted and distinct; ignored with {@code allDatasets}
 * @param allDatasets true if it decides about every dataset
 */
public record TransactionScope(List<DatasetId> datasets, boolean allDatasets) {
  private static final TransactionScope NONE = new TransactionScope(List.of(), false);
  private static final TransactionScope EVERYTHING = new TransactionScope(List.of(), true);

  /** Sorts the datasets. */
  public TransactionScope {
    datasets = datasets.stream().distinct().sorted().toList();
  }

  /** Returns the scope of no range: reports, statuses, cycles after admission. */
  public static TransactionScope noDataset() {
    return NONE;
  }

  /** Returns the scope of ranges of these datasets. */
  public static TransactionScope of(List<DatasetId> datasets) {
    return new TransactionScope(datasets, false);
  }

  /** Returns the scope of any range: admission of offers. */
  public static TransactionScope everyDataset() {
    return EVERYTHING;
  }
}
