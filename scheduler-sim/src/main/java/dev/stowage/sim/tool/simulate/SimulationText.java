package dev.stowage.sim.tool.simulate;

import dev.stowage.shape.Unit;
import dev.stowage.sim.tool.report.BudgetText;
import dev.stowage.sim.tool.report.CycleRecord;
import dev.stowage.sim.tool.report.EventRecord;
import dev.stowage.sim.tool.report.NumberFormats;
import dev.stowage.sim.tool.report.RunRecord;
import dev.stowage.sim.tool.report.RunTotals;
import dev.stowage.sim.tool.report.WeightRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Writes what came of simulations for a terminal, in ASCII. Stateless. */
public final class SimulationText {
  private static final int SHOWN = 10;
  private static final int SHOWN_WORKERS = 5;

  private SimulationText() {}

  static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    return NumberFormats.decimals(value, 3);
  }

  /** Returns a figure's value as people read it. */
  public static String shown(RunFigure figure, double value) {
    if (figure == RunFigure.WHOLE_AFTER) {
      return Double.isInfinite(value) ? "never" : Unit.SECONDS.print(value);
    }
    return switch (figure.kind()) {
      case BYTES -> Unit.BYTES.print((long) value);
      case COUNT -> NumberFormats.count((long) value);
      default -> NumberFormats.decimals(value, 3);
    };
  }

  /** Returns the summary of one run, several lines, each ended by a line feed. */
  public static String of(Simulated done) {
    StringBuilder text = new StringBuilder();
    line(text, "%s", done.run().title());
    line(text, "%s", done.run().headline());
    done.run().notes().forEach(each -> line(text, "%s", each));
    line(text, "%s", settings(done));
    line(text, "");
    line(text, "first fill: %d rounds, %s moved", done.filledAt(), Unit.BYTES.print(filled(done)));
    line(text, "");
    line(text, "%-30s %12s %12s %7s %8s", "event", "moved", "minimum", "ratio", "steps");
    for (EventRecord event : done.run().events()) {
      if (event.firstCycle() > done.filledAt()) {
        line(
            text,
            "%-30s %12s %12s %7s %8d",
            cut(event.title(), 30),
            Unit.BYTES.print(event.bytesMoved()),
            Unit.BYTES.print(event.bytesMinimum()),
            NumberFormats.decimals(event.movedOverMinimum(), 2),
            event.cycles());
      }
    }
    line(text, "");
    for (RunFigure figure : RunFigure.values()) {
      line(text, "%-30s %s", figure.word(), shown(figure, done.at(figure)));
    }
    line(text, "");
    gains(text, done);
    fleet(text, done.run());
    ends(text, done);
    return text.toString();
  }

  private static void fleet(StringBuilder text, RunRecord run) {
    RunTotals totals = run.totals();
    line(
        text,
        "swaps fired: %s of %s",
        NumberFormats.count(totals.correctionsFired()),
        NumberFormats.count(totals.corrections()));
    line(
        text,
        "replicas by weight: %s",
        String.join(", ", run.weights().stream().map(SimulationText::weight).toList()));
    line(
        text,
        "fullest worker %s of the mean fill, emptiest %s",
        NumberFormats.decimals(totals.maxOverMeanFill(), 4),
        NumberFormats.decimals(totals.minOverMeanFill(), 4));
    run.limits().forEach(each -> line(text, "%s", each));
    line(text, "movement budget: %s", BudgetText.overall(run.cycles()));
    for (EventRecord event : run.shortAfter()) {
      CycleRecord end = run.endOf(event);
      line(
          text,
          "short after '%s': %s found no place, %s of the floor missing, %s stuck",
          event.title(),
          NumberFormats.count(end.deferred(), "chunk"),
          NumberFormats.count(end.shortfalls(), "replica"),
          NumberFormats.count(end.stuck()));
    }
  }

  private static String weight(WeightRecord each) {
    String of = each.fewest() == each.target() ? "" : " of " + each.target();
    return "weight " + each.weight() + ": " + each.fewest() + of;
  }

  private static long filled(Simulated done) {
    return done.run().cycles().subList(0, done.filledAt()).stream()
        .mapToLong(each -> each.movedBytes())
        .sum();
  }

  static String settings(Simulated done) {
    List<String> parts = new ArrayList<>();
    parts.add("seed " + done.run().seed());
    done.run().configuration().forEach((key, value) -> parts.add(key + " " + value));
    return String.join(", ", parts);
  }

  private static void gains(StringBuilder text, Simulated done) {
    Comparator<Map.Entry<String, Long>> byGain = Map.Entry.comparingByValue();
    List<Map.Entry<String, Long>> all =
        done.gains().entrySet().stream()
            .filter(each -> each.getValue() != 0)
            .sorted(byGain)
            .toList();
    List<Map.Entry<String, Long>> lost =
        all.stream().filter(each -> each.getValue() < 0).limit(SHOWN_WORKERS).toList();
    List<Map.Entry<String, Long>> won =
        all.stream()
            .filter(each -> each.getValue() > 0)
            .sorted(byGain.reversed())
            .limit(SHOWN_WORKERS)
            .toList();
    line(text, "gained most: %s", named(won));
    line(text, "lost most:   %s", named(lost));
  }

  private static String named(List<Map.Entry<String, Long>> workers) {
    return workers.isEmpty()
        ? "nobody"
        : String.join(
            ", ",
            workers.stream()
                .map(each -> each.getKey() + " " + Unit.BYTES.print(each.getValue()))
                .toList());
  }

  private static void ends(StringBuilder text, Simulated done) {
    line(text, "%d steps; plans %s", done.steps(), done.run().hashOfAllPlans().substring(0, 16));
    for (String each : done.failed()) {
      line(text, "expectation failed: %s", each);
    }
    List<String> violations = done.run().violations();
    line(
        text,
        "this machine: first fill %.1f s, steps %.1f s, slowest step %.2f s, slowest cycle %.0f ms",
        done.stepSeconds().fill(),
        done.stepSeconds().all(),
        done.stepSeconds().slowest(),
        done.run().timing().slowestCycleMillis());
    line(
        text,
        "%s checks of what each cycle changed and each event left, %s",
        NumberFormats.count(done.run().checkCount()),
        NumberFormats.count(violations.size(), "violation"));
    if (!done.run().neverAsked().isEmpty()) {
      line(text, "never judged: %s", String.join("; ", done.run().neverAsked()));
    }
    violations.stream().limit(SHOWN).forEach(each -> line(text, "violated: %s", each));
  }

  /**
   * Returns a table of several runs of one profile: the figures that differ, then those that all
   * have in common.
   */
  public static String of(List<Simulated> runs) {
    StringBuilder text = new StringBuilder();
    line(text, "%s", runs.get(0).run().title());
    line(text, "");
    header(text, runs);
    List<RunFigure> same = new ArrayList<>();
    for (RunFigure figure : RunFigure.values()) {
      if (runs.stream().mapToDouble(each -> each.at(figure)).distinct().count() > 1) {
        row(text, figure.word(), runs, each -> shown(figure, each.at(figure)));
      } else {
        same.add(figure);
      }
    }
    row(text, "violations", runs, each -> Integer.toString(each.run().violations().size()));
    row(text, "expectations failed", runs, each -> Integer.toString(each.failed().size()));
    row(text, "plans", runs, each -> each.run().hashOfAllPlans().substring(0, 12));
    line(text, "");
    line(text, "the same in all:");
    for (RunFigure figure : same) {
      line(text, "%-26s %14s", figure.word(), shown(figure, runs.get(0).at(figure)));
    }
    for (Simulated each : runs) {
      for (String failed : each.failed()) {
        line(text, "%s: expectation failed: %s", each.name(), failed);
      }
      each.run().violations().stream()
          .limit(SHOWN)
          .forEach(found -> line(text, "%s: violated: %s", each.name(), found));
      if (each.isPartial()) {
        line(text, "%s: interrupted after step %d", each.name(), each.steps());
      }
    }
    return text.toString();
  }

  private static void header(StringBuilder text, List<Simulated> runs) {
    row(text, "", runs, each -> cut(each.name(), 14));
  }

  private static void row(
      StringBuilder text, String name, List<Simulated> runs, Function<Simulated, String> cell) {
    StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%-26s", name));
    runs.forEach(each -> row.append(String.format(Locale.ROOT, " %14s", cell.apply(each))));
    line(text, "%s", row);
  }

  /** Returns the names of profiles with their sentences, a line for each. */
  public static String list(Map<String, String> about) {
    StringBuilder text = new StringBuilder();
    about.forEach((name, sentence) -> line(text, "%-20s %s", name, sentence));
    return text.toString();
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 2) + "..";
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }
}
