package dev.stowage.sim.tool.demo;

import java.util.Objects;

/**
 * The settings of a demo.
 *
 * @param seed the seed of all chance
 * @param workers the mirrors of the fleet at the start, 1 to {@value #MOST_WORKERS}
 * @param catalogueName the name of the catalogue in the report
 * @param command the command line that repeats the run
 */
public record DemoSettings(long seed, int workers, String catalogueName, String command) {
  /** The most mirrors that a demo takes. */
  public static final int MOST_WORKERS = 10_000;

  /** The mirrors of a demo that is told nothing. */
  public static final int DEFAULT_WORKERS = 60;

  /** Refuses a number of workers out of range with {@link IllegalArgumentException}. */
  public DemoSettings {
    if (workers < 1 || workers > MOST_WORKERS) {
      throw new IllegalArgumentException(
          "workers is " + workers + "; 1 to " + MOST_WORKERS + " is accepted");
    }
    Objects.requireNonNull(catalogueName, "catalogueName");
    Objects.requireNonNull(command, "command");
  }
}
