package dev.stowage.benchmarks.scale;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Fills a fleet through the public facade with default settings, and measures it phase by phase.
 * Prints a table in Markdown, one row for each phase: seconds of the wall clock, seconds of
 * processor time of this process, MB of live heap after the phase, and the figures of the phase.
 * {@code fill} and {@code publish} always come first.
 *
 * <p>Arguments: {@link ScaleOptions#USAGE}. On PostgreSQL the schema {@code fleet} is dropped
 * first.
 */
public final class Scale {
  /** The phases by name, in the order in which they run. */
  static final Map<String, Phase> PHASES = phases();

  private static final List<String> FIRST = List.of("fill", "publish");

  /** Starts processes for minutes, so it runs only if it is named. */
  private static final String FLEETS = "fleets";

  /** A phase; returns its figures. */
  interface Phase {
    Figures run(Run run) throws Exception;
  }

  /** The figures of a row, each with its unit. */
  static final class Figures {
    private final StringJoiner text = new StringJoiner("; ");

    Figures add(String format, Object... values) {
      text.add(String.format(Locale.ROOT, format, values));
      return this;
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }

  private Scale() {}

  private static Map<String, Phase> phases() {
    Map<String, Phase> all = new LinkedHashMap<>();
    all.put("fill", Cycles::fill);
    all.put("publish", Cycles::publish);
    all.put("idle", Cycles::idle);
    all.put("new", Cycles::newChunks);
    all.put("report", ReportRun::report);
    all.put("beside", ReportRun::beside);
    all.put("preview", ViewRun::preview);
    all.put("documents", ViewRun::documents);
    all.put("readers", ViewRun::readers);
    all.put("census", ViewRun::census);
    all.put("follow", DeliveryRun::follow);
    all.put("held", Held::measure);
    all.put("transfers", DeliveryRun::transfers);
    all.put("queue", DeliveryRun::queue);
    all.put("save", ViewRun::save);
    all.put("takeover", ViewRun::takeover);
    all.put("commands", ReportRun::commands);
    all.put("others", ReportRun::others);
    all.put("churn", Cycles::churn);
    all.put(FLEETS, Fleets::measure);
    return Collections.unmodifiableMap(all);
  }

  /** Runs the phases that the arguments name; ends with 2 if an argument is wrong. */
  public static void main(String[] arguments) throws Exception {
    ScaleOptions options;
    try {
      options = ScaleOptions.of(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.println(ScaleOptions.USAGE);
      System.exit(2);
      return;
    }
    print(options, System.out);
    System.exit(0);
  }

  static void print(ScaleOptions options, PrintStream out) throws Exception {
    try (Run run = new Run(options)) {
      out.printf(
          Locale.ROOT,
          "%,d chunks x %,d workers x %d copies, %s; Java %s, %d processors, load %.1f%n%n",
          options.chunks(),
          options.workers(),
          options.copies(),
          options.jdbcUrl().isPresent() ? "PostgreSQL" : "memory",
          Runtime.version().feature(),
          Runtime.getRuntime().availableProcessors(),
          ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
      out.println("| phase | wall, s | processor, s | heap, MB | figures |");
      out.println("| --- | --- | --- | --- | --- |");
      for (String name : chosen(options, run)) {
        out.println(row(name, run));
      }
    }
  }

  private static List<String> chosen(ScaleOptions options, Run run) {
    List<String> names = new ArrayList<>(PHASES.keySet());
    if (options.phases().isEmpty()) {
      names.remove(FLEETS);
      names.removeIf(name -> name.equals("save") && run.memory().isEmpty());
    } else {
      names.removeIf(name -> !FIRST.contains(name) && !options.phases().contains(name));
    }
    return names;
  }

  private static String row(String name, Run run) throws Exception {
    Phase phase = PHASES.getOrDefault(name, unused -> new Figures());
    long processor = Meter.processNanos();
    long begin = System.nanoTime();
    Figures figures = phase.run(run);
    double wall = (System.nanoTime() - begin) / 1e9;
    double busy = (Meter.processNanos() - processor) / 1e9;
    return String.format(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %,.0f | %s |",
        name,
        wall,
        busy,
        Meter.liveBytes() / 1e6,
        figures);
  }
}
