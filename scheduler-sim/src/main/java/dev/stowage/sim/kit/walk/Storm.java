package dev.stowage.sim.kit.walk;

import dev.stowage.sim.kit.world.Chance;

/**
 * Which faults a walk has at all, and how likely each is: drawn once, so that one walk is cut off
 * by lost messages and the next one by slow links, and not every walk by a little of everything.
 *
 * @param isNetworked whether workers hear and fetch over links at all, or only where a deed says so
 * @param latePercent how likely a report is kept back until a deed delivers it
 * @param lostPercent how likely a slice is lost on its way
 * @param staleSlicePercent how likely a slice is on its way while newer ones are made
 * @param repeatPercent how likely a report arrives twice
 * @param deafPercent how likely a worker hears of a new slice only later
 * @param stallPercent how likely a link brings nothing for a while
 * @param floodPercent how likely telemetry is put on a link
 * @param portalPercent how likely a portal takes the newest routes after a visibility cycle
 * @param isSlow whether links bring no more than a chunk or two in a tick
 */
record Storm(
    boolean isNetworked,
    int latePercent,
    int lostPercent,
    int staleSlicePercent,
    int repeatPercent,
    int deafPercent,
    int stallPercent,
    int floodPercent,
    int portalPercent,
    boolean isSlow) {
  static Storm drawn(WalkModel model, Chance chance) {
    boolean isAlways = model == WalkModel.SWARM || model == WalkModel.PER_WORKER;
    return new Storm(
        isAlways || chance.happens(50),
        drawn(chance, 40),
        drawn(chance, 40),
        drawn(chance, 40),
        drawn(chance, 20),
        drawn(chance, 60),
        drawn(chance, 30),
        drawn(chance, 20),
        10 + chance.below(90),
        chance.happens(50));
  }

  private static int drawn(Chance chance, int most) {
    return chance.happens(50) ? 0 : 1 + chance.below(most);
  }

  /** No faults any more. */
  static Storm healed() {
    return new Storm(true, 0, 0, 0, 0, 0, 0, 0, 100, false);
  }
}
