package dev.stowage.benchmarks.peers;

import dev.stowage.model.Worker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The workers of a problem, in canonical order.
 *
 * @param workers the workers that are there
 * @param departed ids of workers that were there before the event, in canonical order
 * @param joined positions of workers that were not
 */
public record ProblemFleet(List<Worker> workers, List<String> departed, List<Integer> joined) {
  /** Returns a fleet before any event. */
  public static ProblemFleet of(List<Worker> workers) {
    return new ProblemFleet(workers, List.of(), List.of());
  }

  /** Returns the fleet after an event. */
  public ProblemFleet after(List<Worker> left) {
    Map<String, Integer> before = positions();
    List<Integer> newcomers = new ArrayList<>();
    for (int worker = 0; worker < left.size(); worker++) {
      if (before.remove(left.get(worker).id().value()) == null) {
        newcomers.add(worker);
      }
    }
    List<String> gone = before.keySet().stream().sorted().toList();
    return new ProblemFleet(left, gone, List.copyOf(newcomers));
  }

  /** Returns the number of present workers. */
  public int count() {
    return workers.size();
  }

  public String name(int worker) {
    return workers.get(worker).id().value();
  }

  public long capacityBytes(int worker) {
    return workers.get(worker).capacityBytes();
  }

  public List<String> names() {
    return workers.stream().map(worker -> worker.id().value()).toList();
  }

  /** Returns the position of each name, in a new map. */
  public Map<String, Integer> positions() {
    Map<String, Integer> positions = new HashMap<>();
    for (int worker = 0; worker < count(); worker++) {
      positions.put(name(worker), worker);
    }
    return positions;
  }
}
