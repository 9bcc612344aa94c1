package dev.stowage.placement;

import dev.stowage.config.PlacementConfig;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import java.util.Locale;

/** Builds equal workers and equal chunks. */
public final class Fleets {
  private Fleets() {}

  public static Worker worker(int number, long capacity) {
    return Worker.of(WorkerId.of(String.format(Locale.ROOT, "w%04d", number)), capacity);
  }

  /** Equal workers, equal chunks, no zones: {@code fillPercent} of the room at the floor. */
  static World uniform(int workers, int slotsEach, int floor, int fillPercent) {
    World world = new World();
    world.config = PlacementConfig.builder().saturation(0.95).build();
    world.floor = floor;
    for (int i = 0; i < workers; i++) {
      world.workers.add(worker(i, slotsEach * 10L));
    }
    int chunks = workers * slotsEach * fillPercent / 100 / floor;
    for (int i = 0; i < chunks; i++) {
      world.chunk(10);
    }
    return world;
  }
}
