package dev.stowage.sim.freeze;

import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.files.EvidenceFile;
import dev.stowage.evidence.files.SegmentSink;
import dev.stowage.sim.tool.catalogue.CatalogueReader;
import dev.stowage.sim.tool.demo.DemoRun;
import dev.stowage.sim.tool.demo.DemoSettings;
import dev.stowage.sim.tool.report.CycleRecord;
import dev.stowage.sim.tool.report.HtmlReport;
import dev.stowage.sim.tool.report.RunRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The demo as it is run without options, recorded. */
final class FrozenDemo {
  private static final long SEED = 12;

  /** After so many records the chain has a line, so that a difference can be narrowed. */
  private static final long STRETCH = 200;

  private FrozenDemo() {}

  static List<Piece> pieces() {
    return List.of(new Piece("demo", FrozenDemo::lines));
  }

  private static List<String> lines() throws Exception {
    Path folder = Files.createTempDirectory("freeze");
    Path file = folder.resolve("demo.evidence");
    List<String> lines = new ArrayList<>();
    try {
      try (SegmentSink sink = SegmentSink.file(file, SegmentSink.Fsync.NEVER)) {
        DemoSettings settings =
            new DemoSettings(SEED, DemoSettings.DEFAULT_WORKERS, "Debian 12", "demo");
        // A clock that stands still: whatever is printed is the seed's.
        RunRecord run =
            DemoRun.of(CatalogueReader.debian12(Optional.empty()), settings, () -> 0, sink)
                .tell((share, title, cycle) -> {});
        plans(run, lines);
        lines.add("report " + new Digest().add(HtmlReport.of(run)).hex());
      }
      evidence(file, lines);
      return lines;
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  private static void plans(RunRecord run, List<String> lines) {
    for (CycleRecord cycle : run.cycles()) {
      lines.add(String.format(Locale.ROOT, "plan %04d ", cycle.cycle()) + cycle.planHash());
    }
    lines.add("violations " + run.violations().size());
    lines.add("checks " + run.checks());
  }

  private static void evidence(Path file, List<String> lines) {
    try (EvidenceFile recording = EvidenceFile.open(file)) {
      lines.add("evidence header " + recording.header().hash());
      for (EvidenceRecord record : recording.records()) {
        if (record.index() % STRETCH == 0) {
          lines.add(
              String.format(Locale.ROOT, "evidence record %06d ", record.index()) + record.hash());
        }
      }
      lines.add("evidence head " + recording.verify().end().hash());
    }
  }
}
