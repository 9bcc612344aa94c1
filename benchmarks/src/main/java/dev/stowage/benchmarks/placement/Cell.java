package dev.stowage.benchmarks.placement;

import dev.stowage.benchmarks.peers.Event;
import dev.stowage.benchmarks.peers.Quality;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The measurement of one planner, shape and event, or the reason why there is none.
 *
 * @param event the event
 * @param failure why there are no figures; null if there are
 * @param runs measured calls, whose median counts
 * @param cpuSeconds CPU of the process
 * @param wallSeconds wall time
 * @param allocatedBytes allocated by all threads
 * @param inputBytes heap that the planner's own input keeps
 * @param peakBytes high-water mark of the heap during the call, the bench's own data subtracted
 * @param keptBytes heap that input and result keep after the call
 * @param quality the quality of the assignment; null if there are no figures
 */
record Cell(
    Event event,
    @Nullable String failure,
    int runs,
    double cpuSeconds,
    double wallSeconds,
    long allocatedBytes,
    long inputBytes,
    long peakBytes,
    long keptBytes,
    @Nullable Quality quality) {
  private static final String MARK = "CELL";

  private static final String OVER = "over ";
  private static final String NOT_BEGUN = "not begun: ";

  static Cell failed(Event event, String why) {
    return new Cell(event, why, 0, 0, 0, 0, 0, 0, 0, null);
  }

  /** Returns a cell that was stopped after {@code limitSeconds}. */
  static Cell over(Event event, int limitSeconds) {
    return failed(event, OVER + TableOptions.minutes(limitSeconds));
  }

  /** Returns a cell that was not begun, because earlier calls took over {@code limitSeconds}. */
  static Cell notBegun(Event event, int limitSeconds) {
    return failed(event, NOT_BEGUN + TableOptions.minutes(limitSeconds) + " were spent before it");
  }

  boolean isOutOfTime() {
    return failure != null && (failure.startsWith(OVER) || failure.startsWith(NOT_BEGUN));
  }

  String line() {
    StringJoiner line = new StringJoiner("\t");
    line.add(MARK).add(event.name());
    Quality known = quality;
    if (failure != null || known == null) {
      return line.add("-").add(failure == null ? "" : failure.replaceAll("\\s+", " ")).toString();
    }
    line.add(Integer.toString(runs));
    line.add(Double.toString(cpuSeconds)).add(Double.toString(wallSeconds));
    for (long bytes : new long[] {allocatedBytes, inputBytes, peakBytes, keptBytes}) {
      line.add(Long.toString(bytes));
    }
    line.add(Long.toString(known.replicas())).add(Long.toString(known.missing()));
    line.add(Integer.toString(known.overfull()));
    line.add(Double.toString(known.maxOverMean())).add(Double.toString(known.minOverMean()));
    line.add(Long.toString(known.movedBytes()));
    line.add(Long.toString(known.minimumA())).add(Long.toString(known.minimumB()));
    return line.toString();
  }

  /** Reads a line of {@link #line}; returns null for any other line. */
  static @Nullable Cell read(String line) {
    String[] part = line.split("\t", -1);
    if (!part[0].equals(MARK)) {
      return null;
    }
    Event event = Event.valueOf(part[1]);
    if (part[2].equals("-")) {
      return failed(event, part[3]);
    }
    Quality quality =
        new Quality(
            Long.parseLong(part[9]),
            Long.parseLong(part[10]),
            Integer.parseInt(part[11]),
            Double.parseDouble(part[12]),
            Double.parseDouble(part[13]),
            Long.parseLong(part[14]),
            Long.parseLong(part[15]),
            Long.parseLong(part[16]));
    return new Cell(
        event,
        null,
        Integer.parseInt(part[2]),
        Double.parseDouble(part[3]),
        Double.parseDouble(part[4]),
        Long.parseLong(part[5]),
        Long.parseLong(part[6]),
        Long.parseLong(part[7]),
        Long.parseLong(part[8]),
        quality);
  }
}
