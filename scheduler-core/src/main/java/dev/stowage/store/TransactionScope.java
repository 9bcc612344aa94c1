package dev.stowage.store;

import dev.stowage.model.DatasetId;
import java.util.List;

/**
 * Which writers of other processes wait until a transaction ends. Their rows are locked in the
 * order given here, so that two transactions never wait for each other.
 *
 * @param datasets the datasets whose ranges it decides about, sorted, none twice; ignored where
 *     {@code allDatasets}
 * @param allDatasets whether it decides about every dataset
 */
public record TransactionScope(List<DatasetId> datasets, boolean allDatasets) {
  private static final TransactionScope NONE = new TransactionScope(List.of(), false);
  private static final TransactionScope EVERYTHING = new TransactionScope(List.of(), true);

  /** Sorts the datasets. */
  public TransactionScope {
    datasets = datasets.stream().distinct().sorted().toList();
  }

  /** It decides about no range: reports, statuses, cycles after admission. */
  public static TransactionScope noDataset() {
    return NONE;
  }

  /** It decides about ranges of these datasets. */
  public static TransactionScope of(List<DatasetId> datasets) {
    return new TransactionScope(datasets, false);
  }

  /** It may decide about any range: admission of offers. */
  public static TransactionScope everyDataset() {
    return EVERYTHING;
  }
}
