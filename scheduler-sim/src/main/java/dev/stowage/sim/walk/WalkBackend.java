package dev.stowage.sim.walk;

import dev.stowage.engine.StowageListener;
import dev.stowage.sim.scenario.ScenarioStore;
import dev.stowage.sim.scenario.Story;

/** What keeps the worlds of walks, and what they are compared with. */
public interface WalkBackend {
  /** Begins a world that lives by these rules. */
  Story begin(String config, StowageListener listener);

  /** Memory alone. */
  static WalkBackend memory() {
    return alone(Story.MEMORY);
  }

  /** This one alone. */
  static WalkBackend alone(ScenarioStore.Backend backend) {
    return (config, listener) -> Story.begun(config, backend, listener);
  }

  /** Memory and this one in step: every answer and every state must agree. */
  static WalkBackend memoryAnd(ScenarioStore.Backend backend) {
    return (config, listener) -> Story.begunTwice(config, backend, Story.MEMORY, listener);
  }
}
