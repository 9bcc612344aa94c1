package dev.stowage.sim.tool.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What went out over one busy link while pressure rose and fell, second by second.
 *
 * @param seed all chance comes from it
 * @param bands the name of the band in force at the end of each second
 * @param classBytes bytes that went out in each second, by class, the most urgent class first
 * @param flowBytes bytes that the flows of one class had sent by the end of each second divided by
 *     their weights, by name
 * @param longestWaitMillis the longest that an item of a class waited before it went out, by class
 * @param rescues selections that went to who had waited too long
 * @param spread how far flows were apart
 */
public record TransferWave(
    long seed,
    List<String> bands,
    Map<String, long[]> classBytes,
    Map<String, long[]> flowBytes,
    Map<String, Long> longestWaitMillis,
    long rescues,
    Spread spread) {
  /**
   * How far flows were apart at most, in bytes by weight.
   *
   * @param byTurns without what a flow had sent out of turn and not paid back yet
   * @param bound what turns allow: a quantum and the largest item
   * @param owed the most that a flow had sent out of turn and not paid back yet
   */
  public record Spread(long byTurns, long bound, long owed) {}

  /** Keeps the maps in their order. */
  public TransferWave {
    bands = List.copyOf(bands);
    classBytes = Collections.unmodifiableMap(new LinkedHashMap<>(classBytes));
    flowBytes = Collections.unmodifiableMap(new LinkedHashMap<>(flowBytes));
    longestWaitMillis = Collections.unmodifiableMap(new LinkedHashMap<>(longestWaitMillis));
  }

  /** Whether there is anything to show. */
  public boolean isEmpty() {
    return bands.isEmpty();
  }
}
