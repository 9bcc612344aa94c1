package dev.stowage.benchmarks.placement;

import dev.stowage.benchmarks.peers.Event;
import dev.stowage.benchmarks.peers.Quality;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Turns cells into rows of Markdown. Stateless. */
final class TableWriter {
  static final String HEAD =
      """
      | event | planner | CPU s | wall s | allocated MiB | input MiB | peak MiB | peak B/replica \
      | max/mean | min/mean | moved GiB | / A | / B | runs | note |
      | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
      """;

  private static final double MIB = 1 << 20;
  private static final double GIB = 1 << 30;

  private TableWriter() {}

  static String row(String planner, String limits, Cell cell) {
    Quality quality = cell.quality();
    if (quality == null) {
      return String.format(
          Locale.ROOT,
          "| %s | %s | %s | | | | | | | | | | | | |%n",
          cell.event().title(),
          planner,
          cell.failure());
    }
    List<String> notes = new ArrayList<>();
    if (!limits.isEmpty()) {
      notes.add(limits);
    }
    if (quality.missing() > 0) {
      notes.add(quality.missing() + " replicas missing");
    }
    if (quality.overfull() > 0) {
      notes.add(quality.overfull() + " workers over capacity");
    }
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %,.0f | %,.0f | %,.0f | %,.0f | %.3f | %.3f | %,.1f | %s | %s"
            + " | %d | %s |%n",
        cell.event().title(),
        planner,
        seconds(cell.cpuSeconds()),
        seconds(cell.wallSeconds()),
        cell.allocatedBytes() / MIB,
        cell.inputBytes() / MIB,
        cell.peakBytes() / MIB,
        cell.peakBytes() / (double) Math.max(1, quality.replicas()),
        quality.maxOverMean(),
        quality.minOverMean(),
        quality.movedBytes() / GIB,
        ratio(cell.event(), quality.movedBytes(), quality.minimumA()),
        ratio(cell.event(), quality.movedBytes(), quality.minimumB()),
        cell.runs(),
        String.join("; ", notes));
  }

  static String row(RecordedFigures.Row row) {
    return String.format(
        Locale.ROOT,
        "| %s | Rust %s, *recorded* | %s | %s | | | %s | | %s | %s | %s | %s | %s | | |%n",
        row.event(),
        row.algorithm(),
        row.cpu(),
        row.wall(),
        row.totalMib(),
        row.max(),
        row.min(),
        row.movedTib().isEmpty()
            ? ""
            : String.format(Locale.ROOT, "%,.1f", Double.parseDouble(row.movedTib()) * 1024),
        row.overA(),
        row.overB());
  }

  /** Returns three significant digits, or milliseconds with one decimal below a tenth. */
  static String seconds(double seconds) {
    return seconds < 0.1
        ? String.format(Locale.ROOT, "%.4f", seconds)
        : String.format(Locale.ROOT, seconds < 10 ? "%.2f" : "%.1f", seconds);
  }

  private static String ratio(Event event, long moved, long minimum) {
    if (event == Event.SCRATCH || event == Event.STEADY) {
      return "";
    }
    return String.format(Locale.ROOT, "%.3f", moved / (double) Math.max(1, minimum));
  }
}
