package dev.stowage.sim.tool.run;

import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.world.Bandwidth;
import dev.stowage.sim.kit.world.SimulatedWorker;
import dev.stowage.sim.kit.world.Transport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A transport in order of assignment, from the first holder. Not thread-safe. */
public final class FirstCome implements Transport {
  private final Bandwidth bandwidth;
  private final Map<WorkerId, SimulatedWorker> workers;
  private long tick;

  /**
   * Creates a transport that has moved nothing.
   *
   * @param ticksAtOnce how many ticks' bytes go through between one tick and the next that is seen
   * @param workers a live view of the workers
   */
  public FirstCome(long ticksAtOnce, Map<WorkerId, SimulatedWorker> workers) {
    bandwidth = new Bandwidth(ticksAtOnce);
    this.workers = workers;
  }

  @Override
  public Bandwidth bandwidth() {
    return bandwidth;
  }

  @Override
  public void begin(long now) {
    if (now != tick) {
      bandwidth.begin();
      tick = now;
    }
  }

  @Override
  public List<SliceEntry> bring(SimulatedWorker to, Collection<SliceEntry> wanted, long now) {
    List<SliceEntry> whole = new ArrayList<>();
    for (SliceEntry entry : wanted) {
      if (bandwidth.left(to) == 0) {
        break;
      }
      if (to.hasRoomFor(entry)) {
        SimulatedWorker source =
            workers.values().stream()
                .filter(it -> it.isUp() && it.holds(entry.number()))
                .findFirst()
                .orElse(null);
        long bytes = bandwidth.take(to, source, to.lacking(entry));
        bandwidth.moved(to.id(), entry.number(), bytes);
        if (to.receive(entry, bytes)) {
          whole.add(entry);
        }
      }
    }
    return whole;
  }
}
