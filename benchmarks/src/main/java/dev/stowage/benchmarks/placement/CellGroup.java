package dev.stowage.benchmarks.placement;

import dev.stowage.benchmarks.peers.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The cells of one planner and one shape, measured in a separate process. A cell that passes the
 * limit ends the process; another one measures the remaining events, from the placement that the
 * first one wrote.
 */
final class CellGroup {
  private static final String END = "END";

  private final TableOptions options;
  private final String planner;
  private final String shape;
  private final Path base;
  private final Map<Event, Cell> cells = new EnumMap<>(Event.class);

  /** Creates a group that keeps its placement from scratch in {@code base}, empty before that. */
  CellGroup(TableOptions options, String planner, String shape, Path base) {
    this.options = options;
    this.planner = planner;
    this.shape = shape;
    this.base = base;
  }

  Map<Event, Cell> measure(List<Event> wanted) throws IOException, InterruptedException {
    List<Event> left = new ArrayList<>(wanted);
    while (!left.isEmpty()) {
      Event stopped = process(left);
      left.removeIf(cells::containsKey);
      if (stopped == null || Files.size(base) == 0) {
        Cell first = cells.get(Event.SCRATCH);
        boolean isFirst = first != null && first.failure() != null;
        String why = isFirst ? "no placement to start from" : "the process ended early";
        left.forEach(event -> cells.put(event, Cell.failed(event, "not run: " + why)));
        left.clear();
      }
    }
    return cells;
  }

  /** Runs one process; returns the event during which it was stopped, or null. */
  private @Nullable Event process(List<Event> events) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command(events)).redirectErrorStream(true).start();
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread reader = new Thread(() -> read(process, lines), "output of " + planner);
    reader.setDaemon(true);
    reader.start();
    Event current = null;
    String complaint = "";
    // The warm-up counts towards no cell, yet it must not hang for ever.
    long seconds = options.limitSeconds() + 10L * options.warmUpSeconds() + 60;
    while (true) {
      String line = lines.poll(seconds, TimeUnit.SECONDS);
      if (line == null) {
        process.destroyForcibly().waitFor();
        Event stopped = current == null ? Event.SCRATCH : current;
        cells.put(stopped, Cell.over(stopped, options.limitSeconds()));
        return stopped;
      }
      if (line.equals(END)) {
        int code = process.waitFor();
        return code != 0 && current != null ? ended(current, complaint) : null;
      }
      Cell cell = Cell.read(line);
      if (cell != null) {
        cells.put(cell.event(), cell);
      } else if (line.startsWith("BEGIN\t")) {
        current = Event.valueOf(line.substring(6));
        seconds = options.limitSeconds();
      } else if (complaint.isEmpty()) {
        complaint = line;
      }
    }
  }

  private Event ended(Event during, String complaint) {
    cells.putIfAbsent(during, Cell.failed(during, "the process ended: " + complaint));
    return during;
  }

  private List<String> command(List<Event> events) {
    String java = ProcessHandle.current().info().command().orElse("java");
    return List.of(
        java,
        "-Xms1g",
        "-Xmx" + options.heap(),
        "-XX:+UseParallelGC",
        "-cp",
        ManagementFactory.getRuntimeMXBean().getClassPath(),
        CellRun.class.getName(),
        planner,
        shape,
        events.stream().map(Event::name).collect(Collectors.joining(",")),
        Integer.toString(options.runs()),
        Integer.toString(options.threads()),
        Integer.toString(options.warmUpSeconds()),
        base.toString(),
        Integer.toString(options.limitSeconds()));
  }

  private static void read(Process process, BlockingQueue<String> lines) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = reader.readLine();
      while (line != null) {
        lines.add(line);
        line = reader.readLine();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lines.add(END);
    }
  }
}
