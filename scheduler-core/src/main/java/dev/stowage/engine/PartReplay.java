package dev.stowage.engine;

import dev.stowage.content.ContentScheduler;
import dev.stowage.content.LevelScheduler;
import dev.stowage.content.StreamRecords;
import dev.stowage.content.StreamScheduler;
import dev.stowage.content.StreamedScheduler;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.PartHeader;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.Replayable;
import dev.stowage.pressure.EnvelopeAdmission;
import dev.stowage.pressure.LoadGovernor;
import dev.stowage.pressure.PressureRecords;
import dev.stowage.transfer.PathSelector;
import dev.stowage.transfer.RarityIndex;
import dev.stowage.transfer.RepairPolicy;
import dev.stowage.transfer.TransferCatalog;
import dev.stowage.transfer.TransferScheduler;
import java.util.Map;
import java.util.Optional;

/**
 * Runs again what one part of the library recorded by itself, without a facade: a content or
 * transfer scheduler, a governor. The recording says which part it was, and with which settings.
 */
public final class PartReplay {
  private static final Map<String, Replayable.Factory> PARTS =
      Map.of(
          "content-scheduler", ContentScheduler.factory(),
          "stream-scheduler", StreamScheduler.factory(),
          "streamed-scheduler", StreamedScheduler.factory(),
          "level-scheduler", LevelScheduler.factory(),
          "load-governor", LoadGovernor.factory(),
          "envelope-admission", EnvelopeAdmission.factory(),
          "transfer-scheduler", TransferScheduler.factory(),
          "path-selector", PathSelector.factory(),
          "repair-policy", RepairPolicy.factory(),
          "rarity-index", RarityIndex.factory());

  private PartReplay() {}

  /** Who runs a recording again; empty if no single part wrote it. */
  public static Optional<Replayable.Factory> factoryFor(EvidenceHeader header) {
    return Optional.ofNullable(PARTS.get(PartHeader.partOf(header)));
  }

  /** Every record type of every part with its decoder. */
  public static RecordCatalog catalog() {
    return RecordCatalog.builder()
        .addAll(StreamRecords.catalog())
        .addAll(PressureRecords.catalog())
        .addAll(TransferCatalog.catalog())
        .build();
  }
}
