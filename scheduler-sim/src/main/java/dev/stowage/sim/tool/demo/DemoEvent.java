package dev.stowage.sim.tool.demo;

import java.util.Objects;

/**
 * One thing that happens to the fleet.
 *
 * @param name a short name for scripts
 * @param title what happens, for people
 * @param leastRounds rounds before which the event is not over, however quiet the fleet
 * @param act what is done before each of its rounds, which are counted from 0
 */
record DemoEvent(String name, String title, int leastRounds, Act act) {
  DemoEvent {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(act, "act");
  }

  /** What is done to the world before a round. */
  @FunctionalInterface
  interface Act {
    void before(int round, EventLedger ledger);
  }
}
