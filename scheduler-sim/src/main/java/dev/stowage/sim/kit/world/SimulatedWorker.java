package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;

/** A worker's machine: a disk behind links, as the worker is described. Not thread-safe. */
public abstract class SimulatedWorker {
  private Worker description;
  private SimulatedDisk disk;
  private boolean isFull;

  /** Creates a worker with an empty disk. */
  protected SimulatedWorker(Worker description, String diskId) {
    this.description = description;
    this.disk = new SimulatedDisk(diskId);
  }

  /** Returns its name. */
  public final WorkerId id() {
    return description.id();
  }

  /** Returns what the host says of it. */
  public final Worker description() {
    return description;
  }

  /** Replaces the description. */
  protected final void described(Worker other) {
    description = other;
  }

  /** Returns what its disk holds. */
  public final SimulatedDisk disk() {
    return disk;
  }

  /** Replaces the disk by an empty one with another id. */
  public void loseDisk(String otherDiskId) {
    disk = new SimulatedDisk(otherDiskId);
  }

  /** Reports whether its disk holds the bytes of a chunk. */
  public final boolean holds(ChunkNumber number) {
    return disk.holds(number);
  }

  /** Returns the free bytes; negative after a cut of the capacity. */
  protected final long freeBytes() {
    return description.capacityBytes() - disk.usedBytes();
  }

  /** Sets whether its disk takes nothing for now, since others have filled it. */
  final void full(boolean full) {
    isFull = full;
  }

  /** Reports whether a replica fits beside what the disk holds. */
  public final boolean hasRoomFor(SliceEntry entry) {
    return !isFull && entry.sizeBytes() <= freeBytes();
  }

  /** Returns how many bytes of a replica that the disk does not hold have not come yet. */
  final long lacking(SliceEntry entry) {
    return disk.lacking(entry);
  }

  /** Bytes of a replica come; reports whether it is whole, and held from now on. */
  final boolean receive(SliceEntry entry, long bytes) {
    boolean isWhole = disk.come(entry, bytes);
    if (isWhole) {
      came(entry);
    }
    return isWhole;
  }

  /** Hears that a replica is whole. */
  protected abstract void came(SliceEntry entry);
}
