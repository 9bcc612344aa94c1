package dev.stowage.sim.tool.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * All that a report says about one run.
 *
 * @param title its headline
 * @param command the command line that runs it again
 * @param seed all chance of the run comes from it
 * @param configuration names and values in the order in which they are shown
 * @param events in order; their cycles do not overlap
 * @param cycles in order
 * @param weights in ascending order of weight
 * @param workers in order of id
 * @param totals the figures of the whole run
 * @param lastPlan what the last plan says of the fleet beside its figures
 * @param loss what was seen while a zone of another fleet was lost
 * @param timing how long it took
 * @param checks how many times an invariant was checked
 * @param violations what broke an invariant; empty in a correct run
 */
public record RunRecord(
    String title,
    String command,
    long seed,
    Map<String, String> configuration,
    List<EventRecord> events,
    List<CycleRecord> cycles,
    List<WeightRecord> weights,
    List<WorkerRecord> workers,
    RunTotals totals,
    LastPlan lastPlan,
    ZoneLossRecord loss,
    RunTiming timing,
    long checks,
    List<String> violations) {
  /** Keeps copies. */
  public RunRecord {
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(command, "command");
    configuration =
        java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(configuration));
    events = List.copyOf(events);
    cycles = List.copyOf(cycles);
    weights = List.copyOf(weights);
    workers = List.copyOf(workers);
    Objects.requireNonNull(totals, "totals");
    Objects.requireNonNull(lastPlan, "lastPlan");
    Objects.requireNonNull(loss, "loss");
    Objects.requireNonNull(timing, "timing");
    violations = List.copyOf(violations);
  }

  /**
   * Returns the events at whose end a chunk had no place or was below its floor, or a replica could
   * not leave its worker.
   */
  public List<EventRecord> shortAfter() {
    return events.stream().filter(event -> shortAt(endOf(event))).toList();
  }

  /** Returns the bytes that workers downloaded in all events. */
  public long bytesMoved() {
    return events.stream().mapToLong(EventRecord::bytesMoved).sum();
  }

  /** Returns a sentence for each level of limited domains and each counted worker. */
  public List<String> limits() {
    List<String> sentences = new ArrayList<>();
    for (LastPlan.DomainLimit each : lastPlan.domains()) {
      sentences.add(
          "No chunk has over "
              + NumberFormats.count(each.reached(), "replica")
              + " in any of "
              + NumberFormats.count(each.domains(), "domain")
              + " of level "
              + each.level()
              + " ("
              + NumberFormats.count(each.most())
              + " allowed).");
    }
    for (WorkerRecord each : workers) {
      if (each.isCounted()) {
        sentences.add(
            each.name()
                + " holds "
                + NumberFormats.count(each.replicas(), "replica")
                + " ("
                + NumberFormats.count(each.maxReplicas())
                + " allowed).");
      }
    }
    return sentences;
  }

  /** Returns the cycle after which an event left nothing to do. */
  CycleRecord endOf(EventRecord event) {
    return cycles.stream()
        .filter(cycle -> cycle.cycle() == event.lastCycle())
        .findFirst()
        .orElseThrow();
  }

  private static boolean shortAt(CycleRecord cycle) {
    return cycle.deferred() + cycle.shortfalls() + cycle.stuck() > 0;
  }
}
