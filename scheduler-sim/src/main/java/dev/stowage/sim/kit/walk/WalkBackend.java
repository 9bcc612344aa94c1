package dev.stowage.sim.kit.walk;

import dev.stowage.StowageListener;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.sim.kit.scenario.ScenarioStore;
import dev.stowage.sim.kit.scenario.Story;
import java.util.Objects;

/**
 * What keeps the worlds of walks, and what they are compared with.
 *
 * @param worlds keeps the fleet of a walk
 * @param isCompared whether each walk is told to a second fleet in memory, and to the naive
 *     reference model beside that; else a drawn share of the walks is
 * @param isKillable whether the server under the worlds may be killed, and is started again
 * @param recorder takes every command and every decision of the first walk
 */
public record WalkBackend(
    ScenarioStore.Backend worlds, boolean isCompared, boolean isKillable, EvidenceSink recorder) {
  /** Refuses null with {@link NullPointerException}. */
  public WalkBackend {
    Objects.requireNonNull(worlds, "worlds");
    Objects.requireNonNull(recorder, "recorder");
  }

  /** Memory alone. */
  public static WalkBackend memory() {
    return alone(Story.MEMORY);
  }

  /** This one alone. */
  public static WalkBackend alone(ScenarioStore.Backend backend) {
    return new WalkBackend(backend, false, false, EvidenceSink.NONE);
  }

  /**
   * This one, memory, and the reference model in step: after every command the answers and the
   * states must agree.
   */
  public static WalkBackend memoryAnd(ScenarioStore.Backend backend) {
    return new WalkBackend(backend, true, false, EvidenceSink.NONE);
  }

  /** The same, with a server that walks may kill. */
  public WalkBackend killable() {
    return new WalkBackend(worlds, isCompared, true, recorder);
  }

  /** The same, with its first walk recorded there. */
  public WalkBackend recordedBy(EvidenceSink sink) {
    return new WalkBackend(worlds, isCompared, isKillable, sink);
  }

  /** The same, with every walk compared. */
  WalkBackend compared() {
    return new WalkBackend(worlds, true, isKillable, recorder);
  }

  /** The same, with nothing recorded. */
  WalkBackend unrecorded() {
    return recordedBy(EvidenceSink.NONE);
  }

  /** Begins a world that lives by these rules. */
  Story begin(String config, StowageListener listener) {
    return Story.begun(config, worlds, isCompared, listener, recorder);
  }
}
