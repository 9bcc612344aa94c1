package dev.stowage.sim.tool.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes the figures of a run for a terminal, in ASCII, at most 96 columns wide. */
public final class TextSummary {
  private static final int SHOWN_VIOLATIONS = 10;
  private static final int SHORT_HASH = 16;

  private final RunRecord run;
  private final StringBuilder text = new StringBuilder();

  private TextSummary(RunRecord run) {
    this.run = run;
  }

  /** Returns the summary of {@code run}, several lines, each ended by a line feed. */
  public static String of(RunRecord run) {
    TextSummary summary = new TextSummary(run);
    summary.headline();
    summary.events();
    summary.state();
    summary.hashes();
    summary.verdict();
    return summary.text.toString();
  }

  /** Returns a hash over all plans of a run, in hexadecimal digits: equal runs have equal ones. */
  public static String hashOfAllPlans(RunRecord run) {
    try {
      MessageDigest all = MessageDigest.getInstance("SHA-256");
      run.cycles().forEach(each -> all.update(each.planHash().getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(all.digest());
    } catch (NoSuchAlgorithmException everyPlatformHasIt) {
      throw new IllegalStateException(everyPlatformHasIt);
    }
  }

  private void headline() {
    line("%s", run.title());
    String settings =
        run.configuration().entrySet().stream()
            .map(each -> each.getKey() + " " + each.getValue())
            .collect(Collectors.joining(", "));
    wrapped("seed " + run.seed() + ", " + settings);
    line("");
  }

  /** Breaks at commas, so that settings stay readable on a narrow terminal. */
  private void wrapped(String settings) {
    StringBuilder current = new StringBuilder();
    for (String part : settings.split("(?<=, )", -1)) {
      if (current.length() + part.length() > 92) {
        line("%s", current.toString().stripTrailing());
        current.setLength(0);
      }
      current.append(part);
    }
    line("%s", current);
  }

  private void events() {
    line(
        "%-3s%-28s %9s %10s %10s %9s %7s %9s",
        "", "event", "cycles", "moved", "minimum", "moved/min", "swaps", "drained");
    int number = 1;
    for (EventRecord event : run.events()) {
      line(
          "%2d %-28s %9s %10s %10s %9s %7s %9s",
          number++,
          event.name(),
          event.firstCycle() + "-" + event.lastCycle(),
          NumberFormats.bytes(event.bytesMoved()),
          NumberFormats.bytes(event.bytesMinimum()),
          NumberFormats.decimals(event.movedOverMinimum(), 4),
          NumberFormats.count(event.swapsFired()),
          NumberFormats.count(event.replicasDrained()));
    }
    line("");
  }

  private void state() {
    RunTotals totals = run.totals();
    field("chunks", NumberFormats.count(totals.chunks()));
    field("replicas", NumberFormats.count(totals.replicas()));
    field(
        "replicas by weight",
        run.weights().stream()
            .map(each -> "weight " + each.weight() + ": " + each.fewest() + of(each))
            .collect(Collectors.joining(", ")));
    field(
        "balance",
        "fullest worker "
            + NumberFormats.decimals(totals.maxOverMeanFill(), 4)
            + " of the mean fill, emptiest "
            + NumberFormats.decimals(totals.minOverMeanFill(), 4));
    limits();
    field(
        "swaps fired",
        NumberFormats.count(totals.correctionsFired())
            + " of "
            + NumberFormats.count(totals.corrections()));
    field("replicas drained", NumberFormats.count(drained()));
    field("movement budget", BudgetText.overall(run.cycles()));
    RunTiming timing = run.timing();
    field(
        "time",
        NumberFormats.decimals(timing.seconds(), 1)
            + " s for "
            + NumberFormats.count(run.cycles().size())
            + " cycles; mean of a cycle: schedule "
            + NumberFormats.decimals(timing.scheduleMillis(), 0)
            + " ms, publish "
            + NumberFormats.decimals(timing.publishMillis(), 0)
            + " ms,");
    field(
        "",
        "audit "
            + NumberFormats.decimals(timing.auditMillis(), 0)
            + " ms; slowest cycle "
            + NumberFormats.decimals(timing.slowestCycleMillis(), 0)
            + " ms");
  }

  private void limits() {
    String label = "limits";
    for (String sentence : run.limits()) {
      field(label, sentence);
      label = "";
    }
  }

  private static String of(WeightRecord each) {
    return each.fewest() == each.target() ? "" : " of " + each.target();
  }

  private long drained() {
    return run.events().stream().mapToLong(EventRecord::replicasDrained).sum();
  }

  private void hashes() {
    String last =
        run.events().stream()
            .map(each -> run.cycles().get((int) each.lastCycle() - 1).planHash())
            .map(hash -> hash.substring(0, Math.min(SHORT_HASH, hash.length())))
            .collect(Collectors.joining(" "));
    field("all plans", hashOfAllPlans(run));
    List<String> each = List.of(last.split(" ", -1));
    for (int i = 0; i < each.size(); i += 4) {
      String label = i == 0 ? "last plan of events" : "";
      field(label, String.join(" ", each.subList(i, Math.min(each.size(), i + 4))));
    }
  }

  private void verdict() {
    RunTotals totals = run.totals();
    if (totals.backpressure() || totals.deferred() + totals.shortfalls() > 0) {
      field(
          "backpressure",
          NumberFormats.count(totals.deferred(), "chunk")
              + " found no place, "
              + NumberFormats.count(totals.shortfalls(), "replica")
              + (totals.shortfalls() == 1 ? " of the floor is" : " of the floor are")
              + " missing");
    }
    for (EventRecord event : run.shortAfter()) {
      CycleRecord end = run.endOf(event);
      field(
          "short",
          "after "
              + event.name()
              + ": "
              + NumberFormats.count(end.deferred(), "chunk")
              + " found no place, "
              + NumberFormats.count(end.shortfalls(), "replica")
              + (end.shortfalls() == 1 ? " of the floor was" : " of the floor were")
              + " missing"
              + (end.stuck() == 0 ? "" : ", " + NumberFormats.count(end.stuck()) + " stuck"));
    }
    field(
        "violations",
        NumberFormats.count(run.violations().size())
            + " in "
            + NumberFormats.count(run.checks())
            + " checks of invariants");
    field("judged", "after each cycle what it changed, after each event the whole fleet");
    run.violations().stream().limit(SHOWN_VIOLATIONS).forEach(each -> line("  %s", each));
  }

  private void field(String name, String value) {
    line("%-20s %s", name, value);
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }
}
