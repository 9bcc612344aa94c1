package dev.stowage.sim.kit.scenario;

import dev.stowage.model.ChunkNumber;
import dev.stowage.sim.kit.world.SimulatedDisk;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The bytes that a worker has not got, and that the protocol lets a portal ask it for in vain. Not
 * thread-safe.
 */
final class AllowedMisses {
  private final Set<ChunkNumber> vanished = new HashSet<>();

  /** The visibility cycles after which bytes were given up as a last resort, at the latest. */
  private final Map<ChunkNumber, Long> givenUp = new HashMap<>();

  private final Set<ChunkNumber> gone = new HashSet<>();
  private long publishesBefore = Long.MIN_VALUE;

  AllowedMisses() {}

  void came(ChunkNumber number) {
    vanished.remove(number);
  }

  void went(ChunkNumber number) {
    gone.add(number);
  }

  /** Records bytes that went by no decision of the fleet, unknown to portals. */
  void vanished(Collection<ChunkNumber> numbers) {
    vanished.addAll(numbers);
    gone.addAll(numbers);
  }

  /** Reports whether bytes vanished, and portals may not have heard of it. */
  boolean mayMiss(ChunkNumber number) {
    return vanished.contains(number);
  }

  /**
   * Records a visibility cycle that knew of every loss: only older routes still lead here in vain.
   *
   * @param publishes the number of visibility cycles, including this one
   */
  void areKnown(long publishes) {
    vanished.forEach(number -> givenUp.merge(number, publishes - 1, Math::max));
    vanished.clear();
  }

  /**
   * Records a deletion, as a last resort of the plan, of bytes that portals are sent for, after
   * {@code publishes} visibility cycles.
   */
  void gaveUp(ChunkNumber number, long publishes) {
    vanished.add(number);
    givenUp.put(number, publishes);
  }

  /** Reports whether bytes went that routes made after so many visibility cycles may still name. */
  boolean gaveUpSince(ChunkNumber number, long routesPublishes) {
    return givenUp.getOrDefault(number, -1L) >= routesPublishes;
  }

  /** Records another disk or a return: earlier routes promise nothing of the worker. */
  void promiseNothingBefore(long publishes) {
    publishesBefore = publishes;
  }

  /** Reports whether routes made after so many visibility cycles promise something of it. */
  boolean arePromising(long routesPublishes) {
    return publishesBefore < routesPublishes;
  }

  /** Takes the name of a worker that is gone for good, which routes may still use. */
  void follow(ScriptedWorker other) {
    vanished.addAll(other.excuses().vanished);
    vanished.addAll(other.disk().numbers());
  }

  /** Records that the store fell back to a time when it knew of bytes that are gone since. */
  void forgottenByTheStore(SimulatedDisk disk) {
    gone.stream().filter(number -> !disk.holds(number)).forEach(vanished::add);
  }
}
