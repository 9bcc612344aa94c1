package dev.stowage.sim.kit.conformance;

import java.util.Objects;
import java.util.Optional;

/**
 * One question to a store: an assumption and a test of any framework. Stateless; it may be run any
 * number of times, on a fresh store each time.
 */
public final class Check {
  private final String name;
  private final Optional<String> obstacle;
  private final Runnable body;

  Check(String name, Optional<String> obstacle, Runnable body) {
    this.name = Objects.requireNonNull(name, "name");
    this.obstacle = obstacle;
    this.body = body;
  }

  /** Returns the name of this check in reports. */
  public String name() {
    return name;
  }

  /** Returns why this store cannot run the check; empty if it can. */
  public Optional<String> obstacle() {
    return obstacle;
  }

  /**
   * Asks the store.
   *
   * @throws AssertionError if it breaks a promise, with what was expected, what was found, and the
   *     scenario file that leads there
   * @throws IllegalStateException if there is an obstacle
   */
  public void run() {
    if (obstacle.isPresent()) {
      throw new IllegalStateException(name + " cannot be run: " + obstacle.get());
    }
    ProgressLog.begin(name);
    body.run();
  }

  @Override
  public String toString() {
    return name;
  }
}
