package dev.stowage.sim.kit.walk;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The totals of the walks of one model. Not thread-safe. */
public final class WalkTotals {
  private final WalkModel model;
  private final List<Need> required;
  private final TreeMap<String, Long> sums = new TreeMap<>();
  private final TreeMap<String, Long> runs = new TreeMap<>();
  private long walks;
  private long steps;
  private long commands;
  private long nanos;

  WalkTotals(WalkModel model, List<Need> required) {
    this.model = model;
    this.required = List.copyOf(required);
  }

  void add(CaseResult result, long took) {
    walks++;
    steps += result.steps();
    commands += result.counts().getOrDefault("audited commands", 0L);
    nanos += took;
    result
        .counts()
        .forEach((what, count) -> {
          sums.merge(what, count, Long::sum);
          runs.merge(what, count > 0 ? 1L : 0, Long::sum);
        });
  }

  /** Returns the model. */
  public WalkModel model() {
    return model;
  }

  /** Returns the oracles that no walk asked. */
  public List<String> neverAsked() {
    return sums.entrySet().stream()
        .filter(each -> each.getValue() == 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  List<Need> required() {
    return required;
  }

  /** Returns the number of walks. */
  public long walks() {
    return walks;
  }

  /** Steps of all of them, without their heals. */
  public long steps() {
    return steps;
  }

  /** Commands of all of them that were audited, heals included. */
  public long commands() {
    return commands;
  }

  /** Nanoseconds that they took, heals included. */
  public long nanos() {
    return nanos;
  }

  /** Returns the total number of times that each thing was done, met or judged. */
  public SortedMap<String, Long> sums() {
    return Collections.unmodifiableSortedMap(sums);
  }

  /** Returns the percentage of walks that met {@code what}, rounded down; 0 before any walk. */
  public long percentOf(String what) {
    return walks == 0 ? 0 : runs.getOrDefault(what, 0L) * 100 / walks;
  }

  /**
   * Returns the cases that the walks met too rarely to prove anything, in words; empty if there are
   * none. The required count is the percentage of the walks, rounded down, so a small number of
   * walks requires little.
   */
  public List<String> shortages() {
    List<String> found = new ArrayList<>();
    for (Need each : required) {
      long wanted = walks * each.percent() / 100;
      long met = runs.getOrDefault(each.what(), 0L);
      if (met < wanted) {
        found.add(each.what() + " in " + met + " of " + walks + " walks, required " + wanted);
      }
    }
    return found;
  }
}
