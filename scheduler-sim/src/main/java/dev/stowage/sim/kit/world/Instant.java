package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.documents.SliceEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A transport that brings everything at once, for a fleet that begins filled. Not thread-safe. */
final class Instant implements Transport {
  private final Bandwidth bandwidth = new Bandwidth(1);

  @Override
  public Bandwidth bandwidth() {
    return bandwidth;
  }

  @Override
  public void begin(long now) {
    bandwidth.begin();
  }

  @Override
  public List<SliceEntry> bring(SimulatedWorker to, Collection<SliceEntry> wanted, long now) {
    List<SliceEntry> whole = new ArrayList<>();
    for (SliceEntry entry : wanted) {
      if (to.hasRoomFor(entry)) {
        long bytes = to.lacking(entry);
        bandwidth.moved(to.id(), entry.number(), bytes);
        to.receive(entry, bytes);
        whole.add(entry);
      }
    }
    return whole;
  }
}
