package dev.stowage.sim.tool.cli;

import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceException.Damage;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.evidence.Replayer.Replayable;
import dev.stowage.evidence.Verifier.Verification;
import dev.stowage.evidence.files.EvidenceFile;
import dev.stowage.evidence.files.EvidenceFile.FileReport;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.replay.EngineReplay;
import dev.stowage.replay.PartReplay;
import dev.stowage.replay.PartReplay.RecordedPart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.StreamSupport;

/** An evidence file or folder that a user named, and what wrote it. */
final class Recording implements AutoCloseable {
  private static final int DAMAGES_SHOWN = 10;

  private final Path place;
  private final EvidenceFile file;

  private Recording(Path place, EvidenceFile file) {
    this.place = place;
    this.file = file;
  }

  /**
   * Opens the evidence at {@code place}.
   *
   * @throws UnreadableException if nothing is there, or something else than evidence of this format
   */
  static Recording open(Path place) throws UnreadableException {
    if (!Files.exists(place)) {
      throw new UnreadableException(place + ": expected an evidence file, found nothing");
    }
    try {
      return new Recording(place, EvidenceFile.open(place));
    } catch (EvidenceException unreadable) {
      String said = String.valueOf(unreadable.getMessage());
      int named = said.lastIndexOf(place + ": ");
      throw new UnreadableException(
          place
              + ": expected evidence of format "
              + EvidenceHeader.FORMAT_VERSION
              + ", found "
              + (named < 0 ? said : said.substring(named + (place + ": ").length())));
    }
  }

  Path place() {
    return place;
  }

  EvidenceHeader header() {
    return file.header();
  }

  /** Returns the records from this index on, or from the first kept one if that comes later. */
  Iterable<EvidenceRecord> recordsFrom(long index) {
    return () ->
        StreamSupport.stream(file.records().spliterator(), false)
            .dropWhile(record -> record.index() < index)
            .iterator();
  }

  /**
   * Reads and prints everything once; the chain must end with {@code head}, if given.
   *
   * @throws UnreadableException if a segment cannot be read, or is of another run
   */
  Optional<FileReport> verified(BiConsumer<String, String> out, Optional<String> head)
      throws UnreadableException {
    FileReport report = checked();
    out.accept(
        "evidence",
        place
            + ": "
            + report.records()
            + " records"
            + (report.closed() ? "" : ", not closed by its writer"));
    if (report.verification() instanceof Verification.Unchained) {
      out.accept("chain", "the recording has none; only the checksums of the file were verified");
      return Optional.of(report);
    }
    String end = report.end().hash().toString();
    if (report.isIntact() && head.isPresent() && !head.get().equalsIgnoreCase(end)) {
      out.accept("chain", "has another end: expected head " + head.get() + ", found " + end);
      return Optional.empty();
    }
    if (report.isIntact()) {
      out.accept("chain", "intact, head " + end);
      return Optional.of(report);
    }
    out.accept("chain", "broken at " + report.verification());
    report.damages().stream()
        .limit(DAMAGES_SHOWN)
        .map(Damage::toString)
        .forEach(each -> out.accept("damage", each));
    if (report.damageCount() > DAMAGES_SHOWN) {
      out.accept("damage", (report.damageCount() - DAMAGES_SHOWN) + " more damaged places");
    }
    return Optional.empty();
  }

  private FileReport checked() throws UnreadableException {
    try {
      return file.verify();
    } catch (EvidenceException.Mismatch | EvidenceException.Unavailable foreign) {
      throw new UnreadableException(
          place + ": expected the segments of one run, found " + foreign.getMessage());
    }
  }

  boolean beginsAtTheStart() {
    return file.start().index() == 0;
  }

  long firstIndex() {
    return file.start().index();
  }

  ReplayResult again(long total, ProgressListener progress) {
    return Replayer.run(header(), counting(total, progress), engines());
  }

  /** Returns what transfers and propagation left; nothing for recordings of other makers. */
  List<RecordedPart> parts() {
    return PartReplay.factoryFor(header()).isPresent()
        ? List.of()
        : RecordedPart.in(recordsFrom(0));
  }

  RecordCatalog catalog() {
    return PartReplay.factoryFor(header()).isPresent()
        ? PartReplay.catalog()
        : EngineReplay.catalog();
  }

  private Replayable.Factory engines() {
    return PartReplay.factoryFor(header())
        .orElseGet(() -> EngineReplay.with(PlacementPlanner.sticky()));
  }

  private Iterable<EvidenceRecord> counting(long total, ProgressListener progress) {
    return () -> {
      Iterator<EvidenceRecord> records = file.records().iterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return records.hasNext();
        }

        @Override
        public EvidenceRecord next() {
          EvidenceRecord record = records.next();
          progress.at(total == 0 ? 1 : (double) record.index() / total, "replaying");
          return record;
        }
      };
    };
  }

  @Override
  public void close() {
    file.close();
  }
}
