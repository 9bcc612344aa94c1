package dev.stowage.sim.kit.walk;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the walks of one model did and met, summed up. Not thread-safe. */
public final class WalkTotals {
  private final WalkModel model;
  private final List<Need> required;
  private final TreeMap<String, Long> sums = new TreeMap<>();
  private final TreeMap<String, Long> runs = new TreeMap<>();
  private long walks;
  private long steps;
  private long commands;
  private long nanos;

  /** Totals of no walk yet; {@code required} is what these walks must meet. */
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
          runs.merge(what, 1L, Long::sum);
        });
  }

  /** The model. */
  public WalkModel model() {
    return model;
  }

  /** What so many percent of the walks must meet. */
  List<Need> required() {
    return required;
  }

  /** How many walks there were. */
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

  /** How often each thing was done, met or judged, in all walks together. */
  public SortedMap<String, Long> sums() {
    return Collections.unmodifiableSortedMap(sums);
  }

  /** In how many percent of the walks something was met, rounded down; 0 before the first. */
  public long percentOf(String what) {
    return walks == 0 ? 0 : runs.getOrDefault(what, 0L) * 100 / walks;
  }

  /**
   * What these walks met too rarely to prove anything, in words; empty if nothing. Of few walks
   * little is required: no more of them than the percentage makes whole ones.
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
