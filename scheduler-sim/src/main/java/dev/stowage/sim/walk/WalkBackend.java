package dev.stowage.sim.walk;

import dev.stowage.engine.StowageListener;
import dev.stowage.sim.scenario.ScenarioStore;
import dev.stowage.sim.scenario.Story;
import java.util.Objects;

/**
 * What keeps the worlds of walks, and what they are compared with.
 *
 * @param worlds keeps the fleet of a walk
 * @param isCompared whether each walk is told to a second fleet in memory, and to the naive
 *     reference model beside that; else a drawn share of the walks is
 */
public record WalkBackend(ScenarioStore.Backend worlds, boolean isCompared) {
  /** Refuses null with {@link NullPointerException}. */
  public WalkBackend {
    Objects.requireNonNull(worlds, "worlds");
  }

  /** Memory alone. */
  public static WalkBackend memory() {
    return alone(Story.MEMORY);
  }

  /** This one alone. */
  public static WalkBackend alone(ScenarioStore.Backend backend) {
    return new WalkBackend(backend, false);
  }

  /**
   * This one, memory, and the reference model in step: after every command the answers and the
   * states must agree.
   */
  public static WalkBackend memoryAnd(ScenarioStore.Backend backend) {
    return new WalkBackend(backend, true);
  }

  /** The same, with every walk compared. */
  WalkBackend compared() {
    return new WalkBackend(worlds, true);
  }

  /** Begins a world that lives by these rules. */
  Story begin(String config, StowageListener listener) {
    return isCompared
        ? Story.begunTwice(config, worlds, Story.MEMORY, listener)
        : Story.begun(config, worlds, listener);
  }
}
