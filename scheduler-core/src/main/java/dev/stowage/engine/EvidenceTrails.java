package dev.stowage.engine;

import dev.stowage.StowageConfig;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.evidence.EvidenceSink.SinkPolicy;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.Retention;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/** Opens the evidence of a facade where the store's chain ends. */
final class EvidenceTrails {
  static final String LIBRARY_VERSION = "0.1.0";

  private final StowageConfig config;
  private final EvidenceSink recorder;
  private final Consumer<Throwable> refusals;
  private final PartTapes parts;
  private final long epoch;

  EvidenceTrails(
      StowageConfig config,
      EvidenceSink recorder,
      Consumer<Throwable> refusals,
      PartTapes parts,
      long epoch) {
    this.config = config;
    this.recorder = recorder;
    this.refusals = refusals;
    this.parts = parts;
    this.epoch = epoch;
  }

  EvidenceHeader header() {
    byte[] fleet = config.fleet().toString().getBytes(StandardCharsets.UTF_8);
    return EvidenceHeader.of(LIBRARY_VERSION, Hash256.of(fleet), config.evidence().seed());
  }

  long recordsKept() {
    return config.evidence().retention().maxRecords();
  }

  Retention deeds() {
    return config.evidence().deeds();
  }

  EvidenceTrail continuing(Optional<ChainPoint> head) {
    EvidenceHeader header = header();
    EvidenceLog.Builder log =
        EvidenceLog.builder(header)
            .retention(config.evidence().retention())
            .continuing(head.orElseGet(() -> ChainPoint.originOf(header)));
    if (recorder != EvidenceSink.NONE) {
      // Told only once durable: else the recorder's chain might not end where the store's does.
      log.sink(recorder, SinkPolicy.block()).failures(refusals).held();
    }
    return new EvidenceTrail(log.build(), head, parts, epoch);
  }
}
