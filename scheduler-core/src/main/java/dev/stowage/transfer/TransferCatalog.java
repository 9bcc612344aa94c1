package dev.stowage.transfer;

import dev.stowage.evidence.RecordCatalog;

/** How the records of this package read. */
public final class TransferCatalog {
  private TransferCatalog() {}

  /** Every type with its decoder, for explanations. */
  public static RecordCatalog catalog() {
    return RecordCatalog.builder()
        .addAll(TransferRecords.catalog())
        .addAll(PathRecords.catalog())
        .addAll(RepairRecords.catalog())
        .build();
  }
}
