package dev.stowage.benchmarks.postgres;

import dev.stowage.Stowage;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.storage.postgres.PostgresChunkStore;

/**
 * A scheduler in a process of its own, there to be killed: leads, goes on with the story from a
 * step, and prints a line for each command that was acknowledged.
 */
public final class FaultChild {
  private FaultChild() {}

  /** Arguments: the database, the schema, the first step, the last. */
  public static void main(String[] args) {
    int last = Integer.parseInt(args[3]);
    try (PostgresChunkStore store =
            PostgresChunkStore.builder(args[0]).withoutTrustedClock().schema(args[1]).open();
        Stowage stowage = FaultStory.facade(store, "leader", PlacementPlanner.sticky())) {
      int step = Integer.parseInt(args[2]);
      stowage.claim(FaultStory.now(step));
      System.out.println("leads");
      for (; step <= last; step++) {
        stowage.execute(FaultStory.command(step, stowage), FaultStory.now(step));
        System.out.println("did " + step);
      }
    }
  }
}
