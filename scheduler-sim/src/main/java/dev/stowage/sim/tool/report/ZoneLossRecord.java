package dev.stowage.sim.tool.report;

import dev.stowage.lifecycle.BudgetInForce;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The observations, second by second, around the loss of a zone.
 *
 * @param seed the seed of all chance
 * @param lostAt the second in which the zone was lost
 * @param bands the name of the band in force at the end of each second
 * @param waiting copies that waited to leave at the end of each second
 * @param budgets the movement budget that the plan of each second had
 * @param classBytes bytes of the copies that left in each second, by class, the most urgent first
 * @param atRisk chunks that readers could lose, by the name of the way of copying
 * @param outcomes the outcome of each way, in words
 */
public record ZoneLossRecord(
    long seed,
    int lostAt,
    List<String> bands,
    List<Integer> waiting,
    List<BudgetInForce> budgets,
    Map<String, long[]> classBytes,
    Map<String, long[]> atRisk,
    List<String> outcomes) {
  /** The record of a run without the experiment. */
  public static final ZoneLossRecord NONE =
      new ZoneLossRecord(0, 0, List.of(), List.of(), List.of(), Map.of(), Map.of(), List.of());

  /** Keeps the maps in their order. */
  public ZoneLossRecord {
    bands = List.copyOf(bands);
    waiting = List.copyOf(waiting);
    budgets = List.copyOf(budgets);
    classBytes = Collections.unmodifiableMap(new LinkedHashMap<>(classBytes));
    atRisk = Collections.unmodifiableMap(new LinkedHashMap<>(atRisk));
    outcomes = List.copyOf(outcomes);
  }

  /** Returns whether there is anything to show. */
  public boolean isEmpty() {
    return bands.isEmpty();
  }
}
