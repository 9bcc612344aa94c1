package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets through what the links of workers receive and send in a tick, which is a second. Not
 * thread-safe.
 */
public final class Links {
  private final Map<WorkerId, Long> received = new HashMap<>();
  private final Map<WorkerId, Long> sent = new HashMap<>();
  private final Map<List<Object>, Long> arrived = new HashMap<>();
  private long tick;

  /** No link has brought anything. */
  public Links() {}

  /**
   * Moves bytes to a worker, and reports whether all of them are there. What has no source comes
   * from the host, whose link has no bound.
   */
  public boolean bring(SliceEntry entry, Worker to, Optional<Worker> source, long now) {
    if (now != tick) {
      received.clear();
      sent.clear();
      tick = now;
    }
    Worker from = source.orElse(to);
    List<Object> move = List.of(to.id(), entry.number());
    long before = arrived.getOrDefault(move, 0L);
    long down = left(received, to.id(), to.description().downlinkBytesPerSecond());
    long up = left(sent, from.id(), from.description().uplinkBytesPerSecond());
    long bytes = Math.min(entry.sizeBytes() - before, source.isEmpty() ? down : Math.min(down, up));
    received.merge(to.id(), bytes, Long::sum);
    source.ifPresent(worker -> sent.merge(worker.id(), bytes, Long::sum));
    boolean isWhole = before + bytes == entry.sizeBytes();
    arrived.put(move, before + bytes);
    if (isWhole) {
      arrived.remove(move);
    }
    return isWhole;
  }

  private static long left(Map<WorkerId, Long> used, WorkerId id, long inATick) {
    return Math.max(0, inATick - used.getOrDefault(id, 0L));
  }
}
