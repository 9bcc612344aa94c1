package dev.stowage.sim.kit.world;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** The findings of a world's oracles: violations, measured misses, what each has looked at. */
public final class WorldFindings {
  private static final int MOST_KEPT = 100;

  private final List<Found> kept = new ArrayList<>();
  private final TreeMap<String, Long> checks = new TreeMap<>();
  private final BiConsumer<String, String> listener;
  private long violated;
  private long measuredMisses;

  private record Found(String oracle, String finding) {}

  /** Nothing is found yet; findings are kept. */
  public WorldFindings() {
    this((oracle, found) -> {});
  }

  /** Creates findings that tell {@code listener} each violation: the oracle, the finding. */
  public WorldFindings(BiConsumer<String, String> listener) {
    this.listener = listener;
  }

  /** Counts facts that an oracle looked at; 0 makes an oracle known that was not asked yet. */
  public void checked(String oracle, long facts) {
    checks.merge(oracle, facts, Long::sum);
  }

  /** Records a violation. */
  public void violated(String oracle, String found) {
    violated++;
    if (kept.size() < MOST_KEPT) {
      kept.add(new Found(oracle, found));
    }
    listener.accept(oracle, found);
  }

  /** Moves the findings of a part of the oracles here. */
  void take(WorldFindings part) {
    part.checks.forEach(this::checked);
    measuredMisses += part.measuredMisses;
    part.kept.forEach(each -> violated(each.oracle, each.finding));
    violated += part.violated - part.kept.size();
    part.checks.clear();
    part.measuredMisses = 0;
    part.violated = 0;
    part.kept.clear();
  }

  void measuredMiss() {
    measuredMisses++;
  }

  /** Returns the first violations, and how many more there are. */
  public List<String> violations() {
    List<String> shown = new ArrayList<>();
    kept.forEach(each -> shown.add(each.oracle + ": " + each.finding));
    if (violated > kept.size()) {
      shown.add("... and " + (violated - kept.size()) + " more");
    }
    return List.copyOf(shown);
  }

  /** Returns how often bytes were not there, as the protocol allows. */
  public long measuredMisses() {
    return measuredMisses;
  }

  /** Returns how many single facts each oracle looked at. */
  public SortedMap<String, Long> checks() {
    return new TreeMap<>(checks);
  }
}
