package dev.stowage.sim.tool.demo;

import dev.stowage.sim.tool.run.EventLedger;
import java.util.Objects;

/**
 * An event of the fleet.
 *
 * @param name a short name for scripts
 * @param title the event, for people
 * @param leastRounds the rounds before which the event is not over, however quiet the fleet
 * @param act the action before each of its rounds, which are counted from 0
 */
record DemoEvent(String name, String title, int leastRounds, Act act) {
  DemoEvent {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(act, "act");
  }

  @FunctionalInterface
  interface Act {
    void before(int round, EventLedger ledger);
  }
}
