package dev.stowage.benchmarks.placement;

import dev.stowage.benchmarks.peers.Event;
import dev.stowage.benchmarks.peers.PlacementSubject;
import dev.stowage.benchmarks.peers.Subjects;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prints the table of placement planners side by side, in Markdown: each planner on each shape in a
 * process of its own with the same settings. {@link TableOptions} says what can be chosen.
 */
public final class PlacementTable {
  private final TableOptions options;
  private final PrintStream out;
  private final StringBuilder text = new StringBuilder();
  private final CellShelf shelf;
  private final long begin = System.nanoTime();

  /** The shape at which a planner ran out of time, by planner. */
  private final Map<String, String> tooSlow = new LinkedHashMap<>();

  /** The measured cells by shape, planner and event. */
  private final Map<String, Map<String, Map<Event, Cell>>> measured = new LinkedHashMap<>();

  private PlacementTable(TableOptions options, PrintStream out) throws IOException {
    this.options = options;
    shelf = new CellShelf(options);
    this.out = out;
  }

  /** Prints what the arguments ask for. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (List.of(arguments).contains("help")) {
      System.out.println(TableOptions.USAGE);
      return;
    }
    new PlacementTable(TableOptions.of(arguments), System.out).print();
  }

  private void print() throws IOException, InterruptedException {
    conditions();
    for (String name : options.shapes()) {
      shape(Shape.byName(name));
    }
    bars();
    Path file = options.out();
    if (file != null) {
      Files.writeString(file, text, StandardCharsets.UTF_8);
    }
  }

  private void conditions() {
    Runtime runtime = Runtime.getRuntime();
    emit(
        "Java %s, %d processors, -Xms1g -Xmx%s -XX:+UseParallelGC; %d s of warm-up in each process;"
            + " medians of up to %d calls, four times as many where a call takes less than 0.2 s;"
            + " ours with %d thread(s).%n",
        Runtime.version(),
        runtime.availableProcessors(),
        options.heap(),
        options.warmUpSeconds(),
        options.runs(),
        options.threads());
  }

  private void shape(Shape shape) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("placement-table");
    Map<String, Map<Event, Cell>> rows = new LinkedHashMap<>();
    for (String planner : options.planners()) {
      if (shape.planners().contains(planner)) {
        rows.put(planner, group(planner, shape, folder));
      }
    }
    measured.put(shape.name(), rows);
    emit("%n### %s%n%n%s", shape.title(), TableWriter.HEAD);
    for (Event event : options.events()) {
      rows.forEach((planner, cells) -> {
        Cell cell = cells.get(event);
        if (cell != null) {
          String limits = Subjects.byName(planner, 1).limits();
          emit("%s", TableWriter.row(planner, limits, cell));
        }
      });
      for (RecordedFigures.Row row : RecordedFigures.of(shape.name(), event)) {
        emit("%s", TableWriter.row(row));
      }
    }
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private Map<Event, Cell> group(String planner, Shape shape, Path folder)
      throws IOException, InterruptedException {
    PlacementSubject subject = Subjects.byName(planner, 1);
    List<Event> events =
        options.events().stream()
            .filter(subject::answers)
            .filter(shape.events()::contains)
            .toList();
    Map<Event, Cell> cells = shelf.find(planner, shape.name(), events).orElse(null);
    if (cells == null) {
      String why = reasonToSkip(subject, shape);
      if (why != null) {
        Map<Event, Cell> skipped = new EnumMap<>(Event.class);
        events.forEach(event -> skipped.put(event, Cell.failed(event, "not run: " + why)));
        return skipped;
      }
      progress(planner, shape);
      Path base = folder.resolve(subject.base());
      if (!Files.exists(base)) {
        Files.createFile(base);
      }
      cells = new CellGroup(options, planner, shape.name(), base).measure(events);
      shelf.keep(planner, shape.name(), cells);
    }
    cells.values().stream()
        .filter(Cell::isOutOfTime)
        .findFirst()
        .ifPresent(cell -> tooSlow.put(planner, cell.failure() + ", at " + shape.title()));
    return cells;
  }

  private @Nullable String reasonToSkip(PlacementSubject subject, Shape shape) {
    if (seconds() > options.budgetSeconds()) {
      return "the budget of time is spent";
    }
    // The shapes are in order of size.
    return shape.isOfThree() ? tooSlow.get(subject.base()) : null;
  }

  private void bars() {
    List<String> rows = new Bars(measured).rows();
    if (!rows.isEmpty()) {
      emit("%n### Figures to reach%n%n| what | bar | ours | |%n| --- | --- | --- | --- |%n");
      rows.forEach(row -> emit("%s", row));
    }
  }

  private void progress(String planner, Shape shape) {
    System.err.printf(Locale.ROOT, "%6.0f s  %s at %s%n", seconds(), planner, shape.title());
  }

  private double seconds() {
    return (System.nanoTime() - begin) / 1e9;
  }

  private void emit(String format, Object... values) {
    String lines = String.format(Locale.ROOT, format, values);
    text.append(lines);
    out.print(lines);
    out.flush();
  }
}
