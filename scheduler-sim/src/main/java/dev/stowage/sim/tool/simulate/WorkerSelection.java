package dev.stowage.sim.tool.simulate;

import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;
import dev.stowage.sim.kit.world.Chance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The workers to which something happens: named ones, those of a zone, all of them, or some that
 * are drawn.
 *
 * @param named the names; empty for another choice
 * @param zone the zone path whose workers are meant; empty for another choice
 * @param any how many are drawn; empty for another choice
 */
record WorkerSelection(List<WorkerId> named, String zone, Optional<Amount> any) {
  static final String EXPECTED = "workers: a name, W1,W2, zone=PATH, any=COUNT, any=SHARE% or all";

  static boolean isCollective(String word) {
    return word.equals("all") || word.startsWith("zone=") || word.startsWith("any=");
  }

  static WorkerSelection take(WordReader words) throws UnreadableWord {
    String word = words.peek();
    if (!isCollective(word)) {
      return new WorkerSelection(words.workers(), "", Optional.empty());
    }
    words.take(EXPECTED);
    String value = word.substring(word.indexOf('=') + 1);
    if (word.startsWith("any=")) {
      return new WorkerSelection(List.of(), "", Optional.of(Amount.read(value)));
    }
    UnreadableWord.unless(word.equals("all") || Worker.isPath(value), word, EXPECTED);
    return new WorkerSelection(List.of(), word.equals("all") ? "" : value, Optional.empty());
  }

  /**
   * Returns the chosen workers in order of id.
   *
   * @param present the active workers that run, in order of id
   */
  List<WorkerId> of(List<Worker> present, Chance chance) {
    if (!named.isEmpty()) {
      return named;
    }
    List<WorkerId> eligible = new ArrayList<>();
    for (Worker worker : present) {
      if (zone.isEmpty() || worker.zone().equals(zone) || worker.zone().startsWith(zone + "/")) {
        eligible.add(worker.id());
      }
    }
    if (any.isEmpty()) {
      return eligible;
    }
    long count = Math.min(eligible.size(), any.get().of(eligible.size()));
    while (eligible.size() > count) {
      eligible.remove(chance.below(eligible.size()));
    }
    return eligible;
  }
}
