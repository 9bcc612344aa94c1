package dev.stowage.sim.kit.world;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** The findings of a world's oracles: violations, measured misses, number of checks. */
public final class WorldFindings {
  private static final int MOST_KEPT = 100;

  private final List<String> violations = new ArrayList<>();
  private final BiConsumer<String, String> listener;
  private long violated;
  private long measuredMisses;
  private long checks;

  /** Nothing is found yet, and what is found is kept. */
  public WorldFindings() {
    this((oracle, found) -> {});
  }

  /** Creates findings that tell {@code listener} each violation: the oracle, the finding. */
  public WorldFindings(BiConsumer<String, String> listener) {
    this.listener = listener;
  }

  void checked(long times) {
    checks += times;
  }

  void violated(String oracle, String found) {
    violated++;
    if (violations.size() < MOST_KEPT) {
      violations.add(oracle + ": " + found);
    }
    listener.accept(oracle, found);
  }

  void measuredMiss() {
    measuredMisses++;
  }

  /** Returns the first violations, and how many more there are. */
  public List<String> violations() {
    List<String> shown = new ArrayList<>(violations);
    if (violated > violations.size()) {
      shown.add("... and " + (violated - violations.size()) + " more");
    }
    return List.copyOf(shown);
  }

  /** Returns how often bytes were not there, as the protocol allows. */
  public long measuredMisses() {
    return measuredMisses;
  }

  /** Returns how many single facts were looked at. */
  public long checks() {
    return checks;
  }
}
