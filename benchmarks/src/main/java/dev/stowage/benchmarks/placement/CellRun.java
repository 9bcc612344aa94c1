package dev.stowage.benchmarks.placement;

import dev.stowage.benchmarks.peers.Assignment;
import dev.stowage.benchmarks.peers.AssignmentAudit;
import dev.stowage.benchmarks.peers.Event;
import dev.stowage.benchmarks.peers.PlacementProblem;
import dev.stowage.benchmarks.peers.PlacementSubject;
import dev.stowage.benchmarks.peers.Quality;
import dev.stowage.benchmarks.peers.Subjects;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Measures one planner on one shape, in a process of its own that {@link PlacementTable} starts:
 * arguments are planner, shape, events, runs, threads, seconds of warm-up, the file in which the
 * placement from scratch is kept, so that a process that had to be stopped can be followed by one
 * for the events that are left, and the seconds of calls after which no further event is begun.
 * Prints one line for each cell as soon as it is done.
 */
public final class CellRun {
  private static final String WARM_UP_SHAPE = "10k50";

  /** The seconds below which calls are measured more often, because their noise is larger. */
  private static final double SHORT_CALL_SECONDS = 0.2;

  private static final int MORE_SHORT_CALLS = 4;

  /** The seconds of a first call beyond which it is measured, not repeated. */
  private static final double LONG_CALL_SECONDS = 5;

  /** The seconds of a cell beyond which it is not measured again. */
  private static final double LONG_CELL_SECONDS = 60;

  private static final double NANOS = 1e9;
  private static final Assignment NOTHING = new Assignment(new int[1], new int[0]);

  private final PlacementSubject subject;
  private final int runs;
  private final int limitSeconds;
  private final PrintStream out;
  private final Meter meter = new Meter();

  /** The wall time of all measured calls so far, in seconds. */
  private double spentSeconds;

  private CellRun(PlacementSubject subject, int runs, int limitSeconds, PrintStream out) {
    this.subject = subject;
    this.runs = runs;
    this.limitSeconds = limitSeconds;
    this.out = out;
  }

  /** Measures what the arguments name. */
  public static void main(String[] arguments) throws Exception {
    PlacementSubject subject = Subjects.byName(arguments[0], Integer.parseInt(arguments[4]));
    CellRun run =
        new CellRun(
            subject, Integer.parseInt(arguments[3]), Integer.parseInt(arguments[7]), System.out);
    run.warmUp(Double.parseDouble(arguments[5]));
    List<Event> events = Arrays.stream(arguments[2].split(",")).map(Event::of).toList();
    run.measure(Shape.byName(arguments[1]).workload().get(), events, Path.of(arguments[6]));
    // A pool of a peer may still wait for work.
    System.exit(0);
  }

  private void warmUp(double seconds) throws Exception {
    long begin = System.nanoTime();
    Workload workload = Shape.byName(WARM_UP_SHAPE).workload().get();
    PlacementProblem scratch = workload.scratch(subject);
    PlacementSubject first = Subjects.byName(subject.base(), 1);
    while ((System.nanoTime() - begin) / NANOS < seconds) {
      Assignment placed = solve(first, scratch);
      for (Event event : Event.values()) {
        boolean hasTime = (System.nanoTime() - begin) / NANOS < seconds;
        if (hasTime && event != Event.SCRATCH && subject.answers(event)) {
          solve(subject, workload.after(event, scratch, placed));
        }
      }
    }
  }

  private static Assignment solve(PlacementSubject subject, PlacementProblem problem)
      throws Exception {
    PlacementSubject.Trial trial = subject.prepare(problem);
    trial.run();
    return trial.assignment();
  }

  private void measure(Workload workload, List<Event> events, Path file) throws Exception {
    PlacementProblem scratch = workload.scratch(subject);
    Assignment placed = Files.size(file) > 0 ? Assignment.read(file) : null;
    if (placed == null || events.contains(Event.SCRATCH)) {
      out.println("BEGIN\t" + Event.SCRATCH);
      placed = first(scratch, events);
      if (placed == null) {
        return;
      }
      placed.write(file);
    }
    for (Event event : events) {
      if (event != Event.SCRATCH && subject.answers(event)) {
        if (spentSeconds > limitSeconds) {
          out.println(Cell.notBegun(event, limitSeconds).line());
        } else {
          out.println("BEGIN\t" + event);
          cell(workload.after(event, scratch, placed));
        }
      }
    }
  }

  private @Nullable Assignment first(PlacementProblem scratch, List<Event> events)
      throws Exception {
    if (events.contains(Event.SCRATCH) && subject.answers(Event.SCRATCH)) {
      return cell(scratch);
    }
    return solve(Subjects.byName(subject.base(), 1), scratch);
  }

  private @Nullable Assignment cell(PlacementProblem problem) {
    try {
      List<Sample> samples = new ArrayList<>();
      Assignment answer = NOTHING;
      double spent = 0;
      int wanted = runs;
      while (samples.size() < wanted && spent < LONG_CELL_SECONDS) {
        boolean isFirst = spent == 0;
        long bench = Meter.heapAfterCollection();
        PlacementSubject.Trial trial = subject.prepare(problem);
        Sample sample = sample(trial, bench);
        spent += sample.reading().wallSeconds();
        spentSeconds += sample.reading().wallSeconds();
        if (!isFirst || sample.reading().wallSeconds() > LONG_CALL_SECONDS) {
          samples.add(sample);
          boolean isLast = samples.size() >= wanted || spent >= LONG_CELL_SECONDS;
          answer = isLast ? trial.assignment() : NOTHING;
        } else if (sample.reading().wallSeconds() < SHORT_CALL_SECONDS) {
          wanted = runs * MORE_SHORT_CALLS;
        }
      }
      List<String> faults = AssignmentAudit.faults(problem, answer);
      if (!faults.isEmpty()) {
        out.println(Cell.failed(problem.event(), "broken: " + faults.get(0)).line());
        return null;
      }
      out.println(cell(problem, samples, answer).line());
      return answer;
    } catch (Exception | OutOfMemoryError e) {
      String text = e.toString();
      out.println(
          Cell.failed(problem.event(), text.substring(0, Math.min(120, text.length()))).line());
      return null;
    }
  }

  private static Cell cell(PlacementProblem problem, List<Sample> samples, Assignment answer) {
    Sample memory = samples.get(0);
    return new Cell(
        problem.event(),
        null,
        samples.size(),
        median(samples, sample -> sample.reading().cpuSeconds()),
        median(samples, sample -> sample.reading().wallSeconds()),
        (long) median(samples, sample -> sample.reading().allocatedBytes()),
        memory.inputBytes(),
        memory.peakBytes(),
        memory.keptBytes(),
        Quality.of(problem, answer));
  }

  private static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
    return samples.stream().mapToDouble(figure).sorted().toArray()[samples.size() / 2];
  }

  /** Measures one call; {@code bench} is the heap in use before its input was built, in bytes. */
  private Sample sample(PlacementSubject.Trial trial, long bench) throws Exception {
    long before = Meter.heapAfterCollection();
    meter.start();
    trial.run();
    Meter.Reading reading = meter.stop();
    long after = Meter.heapAfterCollection();
    // Without a collection in between, what was there and what was allocated bound the peak.
    long peak = Math.min(reading.peakBytes(), before + reading.allocatedBytes());
    return new Sample(reading, before - bench, peak - bench, after - bench);
  }

  private record Sample(Meter.Reading reading, long inputBytes, long peakBytes, long keptBytes) {}
}
