package dev.stowage.benchmarks.peers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The workers of a problem, in canonical order.
 *
 * @param names ids of the workers that are there
 * @param capacityBytes capacity of each
 * @param departed ids of workers that were there before the event, in canonical order
 * @param joined positions of workers that were not
 */
public record ProblemFleet(
    String[] names, long[] capacityBytes, List<String> departed, List<Integer> joined) {
  /** Returns a fleet before any event. */
  public static ProblemFleet of(String[] names, long[] capacityBytes) {
    return new ProblemFleet(names, capacityBytes, List.of(), List.of());
  }

  /** Returns the fleet after an event. */
  public ProblemFleet after(String[] namesAfter, long[] capacityBytesAfter) {
    Map<String, Integer> before = positions();
    List<Integer> newcomers = new ArrayList<>();
    for (int worker = 0; worker < namesAfter.length; worker++) {
      if (before.remove(namesAfter[worker]) == null) {
        newcomers.add(worker);
      }
    }
    List<String> gone = before.keySet().stream().sorted().toList();
    return new ProblemFleet(namesAfter, capacityBytesAfter, gone, List.copyOf(newcomers));
  }

  /** Returns the number of present workers. */
  public int count() {
    return names.length;
  }

  /** Returns the position of each name, in a new map. */
  public Map<String, Integer> positions() {
    Map<String, Integer> positions = new HashMap<>();
    for (int worker = 0; worker < names.length; worker++) {
      positions.put(names[worker], worker);
    }
    return positions;
  }
}
