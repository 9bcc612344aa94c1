package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.pressure.PressureSnapshot;
import java.util.Collection;
import java.util.List;

/** The way in which bytes come to the disks of workers; a world moves none in another way. */
public interface Transport {
  /** Lets leave what is assigned now and may go; to be called before workers ask. */
  void begin(long tick);

  /**
   * Lets come what a worker asks for, as far as it may come in this tick and fits on the disk. The
   * bytes of a replica that is not whole stay with the disk.
   *
   * @param to who asks
   * @param wanted what it has not got, in the order in which it asks for it
   * @return what is whole now, and on the disk
   */
  List<SliceEntry> bring(SimulatedWorker to, Collection<SliceEntry> wanted, long tick);

  /** Sets the pressure that may hold transfers back, until the next call. */
  default void observe(PressureSnapshot sample) {}

  /** Returns what the links have let through. */
  Bandwidth bandwidth();
}
