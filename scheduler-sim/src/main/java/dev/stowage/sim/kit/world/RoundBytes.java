package dev.stowage.sim.kit.world;

/**
 * The bytes of a round, as the disks of a world have them.
 *
 * @param moved that came to disks, complete replicas or not
 * @param freed that workers deleted
 * @param vanished that went with a disk
 * @param held on all disks at its end, those of incomplete replicas included
 */
public record RoundBytes(long moved, long freed, long vanished, long held) {
  /** Reports whether these follow on disks that held {@code before}, to the byte. */
  public boolean follow(long before) {
    return held == before + moved - freed - vanished;
  }
}
