package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Counts the bytes that the links of workers receive and send in a tick, against what their
 * descriptions let through. Not thread-safe.
 */
public final class Bandwidth {
  /** Hears of bytes that come to workers. */
  @FunctionalInterface
  public interface Arrivals {
    /** Hears that {@code bytes} of a chunk came from another worker, or the host if it is null. */
    void came(WorkerId to, @Nullable WorkerId from, ChunkNumber chunk, long bytes);
  }

  private final long ticksAtOnce;
  private final Map<WorkerId, ? extends SimulatedWorker> workers;
  private final Map<WorkerId, Long> received = new HashMap<>();
  private final Map<WorkerId, Long> sent = new HashMap<>();
  private Arrivals watcher = (to, from, chunk, bytes) -> {};
  private long movedBytes;
  private boolean isUnbounded;

  /**
   * Counts from nothing.
   *
   * @param ticksAtOnce how many ticks' bytes go through between one tick and the next that is seen
   * @param workers a live view of the workers
   */
  public Bandwidth(long ticksAtOnce, Map<WorkerId, ? extends SimulatedWorker> workers) {
    this.ticksAtOnce = ticksAtOnce;
    this.workers = workers;
  }

  /** Begins another tick, in which the links have no bound if {@code unbounded}. */
  public void begin(boolean unbounded) {
    isUnbounded = unbounded;
    received.clear();
    sent.clear();
  }

  /** Returns the seconds that bytes take to a worker, 0 to an unknown one. */
  public double seconds(WorkerId to, long bytes) {
    SimulatedWorker worker = workers.get(to);
    return worker == null ? 0 : (double) bytes / downlink(worker);
  }

  private static long downlink(SimulatedWorker worker) {
    return worker.description().description().downlinkBytesPerSecond();
  }

  /** Returns the first of some sources that has a chunk; null for the host, which has them all. */
  public @Nullable WorkerId source(ChunkNumber chunk, List<WorkerId> sources) {
    for (WorkerId id : sources) {
      SimulatedWorker source = workers.get(id);
      if (source != null && source.holds(chunk)) {
        return id;
      }
    }
    return null;
  }

  /**
   * Brings a replica to a worker, as far as both links let it through in this tick.
   *
   * @param from who sends; null for a link without a bound
   * @return whether it is whole now, and on the disk
   */
  public boolean bring(SimulatedWorker to, @Nullable WorkerId from, SliceEntry entry) {
    long bytes = Math.min(to.lacking(entry), left(received, to.id(), downlink(to)));
    SimulatedWorker source = from == null ? null : workers.get(from);
    if (source != null) {
      long up = source.description().description().uplinkBytesPerSecond();
      bytes = Math.min(bytes, left(sent, source.id(), up));
      sent.merge(source.id(), bytes, Long::sum);
    }
    received.merge(to.id(), bytes, Long::sum);
    movedBytes += bytes;
    watcher.came(to.id(), from, entry.number(), bytes);
    return to.receive(entry, bytes);
  }

  /** Tells a watcher of all bytes that come from now on. */
  public void watch(Arrivals arrivals) {
    watcher = Objects.requireNonNull(arrivals, "arrivals");
  }

  /** Returns how many bytes have come to anybody in all ticks. */
  public long movedBytes() {
    return movedBytes;
  }

  private long left(Map<WorkerId, Long> used, WorkerId id, long inASecond) {
    boolean isUnlimited = isUnbounded || inASecond > Long.MAX_VALUE / ticksAtOnce;
    return isUnlimited
        ? Long.MAX_VALUE
        : Math.max(0, inASecond * ticksAtOnce - used.getOrDefault(id, 0L));
  }
}
