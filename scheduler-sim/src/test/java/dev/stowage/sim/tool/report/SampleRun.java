package dev.stowage.sim.tool.report;

import dev.stowage.command.Result.BudgetInForce;
import dev.stowage.model.Worker;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A made-up run that has a little of everything. */
final class SampleRun {
  private static final int CYCLES = 60;
  private static final long GIB = 1L << 30;

  private SampleRun() {}

  static RunRecord of(String title, List<String> violations) {
    return of(title, violations, lastPlan());
  }

  static RunRecord with(LastPlan plan) {
    return of("A run", List.of(), plan);
  }

  private static RunRecord of(String title, List<String> violations, LastPlan plan) {
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("saturation", "0.90");
    configuration.put("floor", "2");
    return new RunRecord(
        title,
        "java -jar stowage.jar demo --seed 7",
        7,
        configuration,
        List.of(
            event("fill", "The catalogue is placed on an empty fleet", 1, 20, 475_000_000_000L),
            event("corrections", "Security updates roll out as swaps", 21, 35, 13_500_000_000L),
            event("worker-returns", "A worker is away for a moment", 36, 40, 0),
            event("workers-join", "Two workers join", 41, 60, 14_100_000_000L)),
        cycles(),
        List.of(
            new WeightRecord(1, 225, 93_000_000, 2, 2),
            new WeightRecord(24, 33, 18_000_000, 60, 60)),
        workers(),
        new RunTotals(63_436, 317_000, 1_028, 1_028, 0, 0, false, 1.0123, 0.9911),
        plan,
        new RunTiming(31.4, 120, 40, 200, 900),
        false,
        List.of(),
        new TreeMap<>(Map.of("audit", 8_000L, "ledger", 1_000L, "move budget", 0L)),
        violations);
  }

  private static LastPlan lastPlan() {
    return new LastPlan(
        List.of(
            new LastPlan.Group(0.86, 60, 1.0021, 0.9978), new LastPlan.Group(0.31, 1, 1.0, 1.0)),
        List.of(new LastPlan.DomainLimit(2, 21, 2, 2), new LastPlan.DomainLimit(3, 1, 7, 1)),
        List.of(new LastPlan.Leaver("mirror-09", 41, 7_000_000_000L)),
        List.of(
            new LastPlan.StuckReplica("d/<a>", "mirror-09", 3_000_000_000L, "no_room", 12, 77_000),
            new LastPlan.StuckReplica("d/b", "mirror-11", 1_000_000, "domain_limit", 0, 0)));
  }

  private static BudgetInForce budget(int cycle) {
    return switch (cycle % 4) {
      case 1 -> new BudgetInForce(PressureBand.NORMAL, Long.MAX_VALUE, 0, 0, 0, 0);
      case 2 ->
          new BudgetInForce(PressureBand.ELEVATED, 300_000_000, 500_000_000, 0, 200_000_000, 0);
      case 3 -> new BudgetInForce(PressureBand.HIGH, 0, 875_000_000, 125_000_000, 0, 0);
      default -> new BudgetInForce(PressureBand.CRITICAL, 0, Long.MAX_VALUE, 0, 0, 0);
    };
  }

  private static EventRecord event(String name, String title, long from, long to, long bytes) {
    return new EventRecord(name, title, from, to, bytes, bytes, name.length(), 17);
  }

  private static List<CycleRecord> cycles() {
    List<CycleRecord> cycles = new ArrayList<>();
    for (int i = 1; i <= CYCLES; i++) {
      TreeMap<String, Long> bytes = new TreeMap<>();
      bytes.put("new", i < 3 ? 190_000_000_000L / i : i > 20 && i < 30 ? 900_000_000L : 0);
      bytes.put("growth", i < 12 ? 48_000_000_000L : i < 36 ? 300_000_000L * (i % 7) : 0);
      bytes.put("balance", i > 40 && i < 48 ? 2_000_000_000L : 0);
      bytes.put("repair", i == 41 ? 700_000_000L : 0);
      TreeMap<String, Long> arrived = new TreeMap<>(bytes);
      arrived.put("evacuate", 0L);
      long waiting = i < 20 ? 30_000 - 1_500L * i : i > 40 ? 2_000 : 300;
      long draining = i > 22 && i < 38 ? 400L * (i % 9) : 10;
      ReplicaCounts counts =
          new ReplicaCounts(300_000 - waiting, waiting, 40L * (i % 11), draining);
      TreeMap<String, Integer> fill = new TreeMap<>();
      TreeMap<String, Integer> levels = new TreeMap<>();
      for (int w = 0; w < 62; w++) {
        boolean away = (w == 17 && i > 35 && i < 40) || (w >= 60 && i <= 40);
        int level = 1_000 * Math.min(850 + w % 5 * 3, w >= 60 ? (i - 40) * 60 : i * 70);
        if (!away) {
          fill.put(name(w), level);
          levels.put(name(w), w == 9 ? 425_000 : 850_000);
        }
      }
      cycles.add(
          new CycleRecord(
              i,
              i * 30L,
              budget(i),
              bytes,
              arrived,
              5,
              counts,
              new ChunkCounts(63_000, 63_000, 0, i == 37 ? 12 : 0, i == 38 ? 1 : 0, 0, 0),
              0,
              0,
              0,
              i == CYCLES ? 2 : 0,
              0,
              i % 3,
              levels,
              fill,
              0,
              List.of(),
              "0123456789abcdef".repeat(4)));
    }
    return cycles;
  }

  private static List<WorkerRecord> workers() {
    List<WorkerRecord> workers = new ArrayList<>();
    for (int w = 0; w < 62; w++) {
      long capacity = (4L << (w % 3)) * GIB;
      workers.add(
          new WorkerRecord(
              name(w),
              "zone-" + w % 4,
              "active",
              capacity,
              capacity / 100 * 85,
              5_000,
              w == 5 ? 6_000 : Worker.UNLIMITED));
    }
    return workers;
  }

  private static String name(int worker) {
    return "mirror-" + (worker < 10 ? "0" : "") + worker;
  }
}
