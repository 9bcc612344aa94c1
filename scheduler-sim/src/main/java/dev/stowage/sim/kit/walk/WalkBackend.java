package dev.stowage.sim.kit.walk;

import dev.stowage.StowageListener;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.sim.kit.scenario.ScenarioStore;
import dev.stowage.sim.kit.scenario.Story;

/**
 * The backend of walks, and its comparisons.
 *
 * @param worlds opens the store of a walk
 * @param isCompared true if every walk is also told to a second fleet in memory with the naive
 *     reference model beside it; else a drawn share of the walks is
 * @param isKillable true if walks may kill the server under the worlds, which is started again
 * @param hasClock true if fleets trust the clock of their store, except where the story has one
 * @param recorder receives every command and every decision of the first walk
 */
public record WalkBackend(
    ScenarioStore.Backend worlds,
    boolean isCompared,
    boolean isKillable,
    boolean hasClock,
    EvidenceSink recorder) {
  /** Returns a backend of memory alone. */
  public static WalkBackend memory() {
    return alone(Story.MEMORY);
  }

  /** This one alone. */
  public static WalkBackend alone(ScenarioStore.Backend backend) {
    return new WalkBackend(backend, false, false, false, EvidenceSink.NONE);
  }

  /**
   * This one, memory, and the reference model in step: after every command the answers and the
   * states must agree.
   */
  public static WalkBackend memoryAnd(ScenarioStore.Backend backend) {
    return new WalkBackend(backend, true, false, false, EvidenceSink.NONE);
  }

  /** Returns this backend with a server that walks may kill. */
  public WalkBackend killable() {
    return new WalkBackend(worlds, isCompared, true, hasClock, recorder);
  }

  /** Returns this backend with fleets that trust the clock of their store. */
  public WalkBackend withClock() {
    return new WalkBackend(worlds, isCompared, isKillable, true, recorder);
  }

  /** Returns this backend with its first walk recorded to {@code sink}. */
  public WalkBackend recordedBy(EvidenceSink sink) {
    return new WalkBackend(worlds, isCompared, isKillable, hasClock, sink);
  }

  WalkBackend compared() {
    return new WalkBackend(worlds, true, isKillable, hasClock, recorder);
  }

  WalkBackend unrecorded() {
    return recordedBy(EvidenceSink.NONE);
  }

  /**
   * Begins a story.
   *
   * @param mayFail false if the store of its world never fails: in memory the model then stands
   *     beside that world, without a second one
   */
  Story begin(String config, StowageListener listener, boolean mayFail) {
    boolean isModelEnough = worlds == Story.MEMORY && !mayFail;
    Story.Beside compared = isModelEnough ? Story.Beside.MODEL : Story.Beside.WORLD;
    Story.Beside beside = isCompared ? compared : Story.Beside.NOTHING;
    return Story.begun(config, worlds, beside, listener, recorder);
  }
}
