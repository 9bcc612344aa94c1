package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Lets through what the links of workers receive and send, as the workers are described; a tick is
 * a second. Not thread-safe.
 */
public final class Links implements Transport {
  private final long ticksAtOnce;
  private final Function<ChunkNumber, Optional<Worker>> sources;
  private final Map<WorkerId, Long> received = new HashMap<>();
  private final Map<WorkerId, Long> sent = new HashMap<>();
  private long tick;
  private long movedBytes;

  /**
   * Links that have brought nothing.
   *
   * @param ticksAtOnce how many ticks' bytes go through between one tick and the next that is seen
   * @param sources who sends a chunk; where there is none the host does, whose link has no bound
   */
  public Links(long ticksAtOnce, Function<ChunkNumber, Optional<Worker>> sources) {
    this.ticksAtOnce = ticksAtOnce;
    this.sources = sources;
  }

  /** Returns how many bytes have come to anybody. */
  public long movedBytes() {
    return movedBytes;
  }

  @Override
  public List<SliceEntry> bring(SimulatedWorker to, Collection<SliceEntry> wanted, long now) {
    if (now != tick) {
      received.clear();
      sent.clear();
      tick = now;
    }
    Worker receiver = to.description();
    long down = left(received, to.id(), receiver.description().downlinkBytesPerSecond());
    long begun = down;
    List<SliceEntry> whole = new ArrayList<>();
    for (SliceEntry entry : wanted) {
      if (entry.sizeBytes() > to.freeBytes()) {
        continue;
      }
      long lacking = to.disk().lacking(entry);
      if (down == 0 && lacking > 0) {
        break;
      }
      long bytes = send(entry.number(), Math.min(lacking, down));
      down -= bytes;
      if (to.disk().come(entry, bytes)) {
        whole.add(entry);
      }
    }
    received.merge(to.id(), begun - down, Long::sum);
    movedBytes += begun - down;
    return whole;
  }

  /** Returns how many of these bytes their source can send. */
  private long send(ChunkNumber number, long most) {
    Worker from = sources.apply(number).orElse(null);
    if (from == null) {
      return most;
    }
    long up = left(sent, from.id(), from.description().uplinkBytesPerSecond());
    long bytes = Math.min(most, up);
    sent.merge(from.id(), bytes, Long::sum);
    return bytes;
  }

  private long left(Map<WorkerId, Long> used, WorkerId id, long inATick) {
    long most = inATick > Long.MAX_VALUE / ticksAtOnce ? Long.MAX_VALUE : inATick * ticksAtOnce;
    return Math.max(0, most - used.getOrDefault(id, 0L));
  }
}
