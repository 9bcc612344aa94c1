package dev.stowage.sim.tool.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

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
 * @param timing how long it took
 * @param mayEndUnderWay whether the run is to end before the fleet is whole
 * @param notes what the run did not do, in sentences
 * @param checks how many facts each oracle looked at; 0 for one that was never asked
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
    RunTiming timing,
    boolean mayEndUnderWay,
    List<String> notes,
    SortedMap<String, Long> checks,
    List<String> violations) {
  /** The time until a fleet is whole that did not become whole. */
  public static final long NEVER = -1;

  /** Keeps copies. */
  public RunRecord {
    configuration =
        java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(configuration));
    events = List.copyOf(events);
    cycles = List.copyOf(cycles);
    weights = List.copyOf(weights);
    workers = List.copyOf(workers);
    notes = List.copyOf(notes);
    checks = java.util.Collections.unmodifiableSortedMap(new java.util.TreeMap<>(checks));
    violations = List.copyOf(violations);
  }

  /** Returns a hash over all plans, in hexadecimal digits: equal runs have equal ones. */
  public String hashOfAllPlans() {
    try {
      MessageDigest all = MessageDigest.getInstance("SHA-256");
      cycles.forEach(each -> all.update(each.planHash().getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(all.digest());
    } catch (NoSuchAlgorithmException everyPlatformHasIt) {
      throw new IllegalStateException(everyPlatformHasIt);
    }
  }

  /** Returns the number of facts that all oracles looked at. */
  public long checkCount() {
    return checks.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns the oracles that were never asked. */
  public List<String> neverAsked() {
    return checks.entrySet().stream()
        .filter(each -> each.getValue() == 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Returns the answer of the run. */
  public Verdict verdict() {
    return Verdict.of(this);
  }

  /** Returns the answer of the run in a line: what went wrong, or else the verdict. */
  public String headline() {
    String wrong =
        violations.isEmpty()
            ? ""
            : NumberFormats.count(violations.size(), "violation") + " of an invariant. ";
    return wrong + verdict().sentence() + (mayEndUnderWay ? " It ends under way, as asked." : "");
  }

  /**
   * Returns the events at whose end a chunk had no place or was below its floor, or a replica could
   * not leave its worker.
   */
  public List<EventRecord> shortAfter() {
    return events.stream().filter(event -> shortAt(endOf(event))).toList();
  }

  /**
   * Returns the ticks from the beginning of an event until the fleet was whole for the rest of it;
   * {@link #NEVER} if it was not whole at its end.
   */
  public long ticksUntilWhole(EventRecord event) {
    return ticksUntilWhole(cyclesOf(event), begunAt(event));
  }

  static long ticksUntilWhole(List<CycleRecord> during, long begun) {
    int whole = during.size();
    while (whole > 0 && during.get(whole - 1).isWhole()) {
      whole--;
    }
    if (whole == during.size()) {
      return NEVER;
    }
    return whole == 0 ? 0 : during.get(whole).tick() - begun;
  }

  /** Returns the tick at which an event began: the tick of the cycle before it. */
  public long begunAt(EventRecord event) {
    return event.firstCycle() == 1 ? 0 : cycles.get((int) event.firstCycle() - 2).tick();
  }

  /** Returns the most chunks that were below their floor after a cycle of an event. */
  public long mostUnderFloor(EventRecord event) {
    return cyclesOf(event).stream().mapToLong(each -> each.chunks().underFloor()).max().orElse(0);
  }

  /** Returns the most visible chunks that no reader could reach after a cycle of an event. */
  public long mostUnreadable(EventRecord event) {
    return cyclesOf(event).stream().mapToLong(each -> each.chunks().unreadable()).max().orElse(0);
  }

  private List<CycleRecord> cyclesOf(EventRecord event) {
    return cycles.subList((int) event.firstCycle() - 1, (int) event.lastCycle());
  }

  /**
   * Returns the first cycle that charts of movement show together: the one after the first event if
   * that event moved more than all others, as a fill does, otherwise 1.
   */
  public long shownFrom() {
    boolean isFill = events.size() > 1 && 2 * (double) events.get(0).bytesMoved() > bytesMoved();
    return isFill ? events.get(1).firstCycle() : 1;
  }

  /** Returns the workers in the order of their zones, and of their names within a zone. */
  public List<WorkerRecord> workersByZone() {
    return workers.stream()
        .sorted(Comparator.comparing(WorkerRecord::zone).thenComparing(WorkerRecord::name))
        .toList();
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
  public CycleRecord endOf(EventRecord event) {
    return cycles.stream()
        .filter(cycle -> cycle.cycle() == event.lastCycle())
        .findFirst()
        .orElseThrow();
  }

  private static boolean shortAt(CycleRecord cycle) {
    return cycle.deferred() + cycle.shortfalls() + cycle.stuck() > 0;
  }
}
