package dev.stowage.sim.kit.world;

import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import java.util.HashMap;
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
    /** Hears that {@code bytes} of a chunk came to a worker. */
    void came(WorkerId to, ChunkNumber chunk, long bytes);
  }

  private final long ticksAtOnce;
  private final Map<WorkerId, Long> received = new HashMap<>();
  private final Map<WorkerId, Long> sent = new HashMap<>();
  private Arrivals watcher = (to, chunk, bytes) -> {};
  private long movedBytes;

  /**
   * Counts from nothing.
   *
   * @param ticksAtOnce how many ticks' bytes go through between one tick and the next that is seen
   */
  public Bandwidth(long ticksAtOnce) {
    this.ticksAtOnce = ticksAtOnce;
  }

  /** Begins another tick. */
  public void begin() {
    received.clear();
    sent.clear();
  }

  /** Returns the bytes that a worker can still receive in this tick. */
  public long left(SimulatedWorker to) {
    return left(received, to.id(), to.description().description().downlinkBytesPerSecond());
  }

  /**
   * Takes what both links let through in this tick.
   *
   * @param from who sends; null for a link without a bound
   * @return how many bytes
   */
  public long take(SimulatedWorker to, @Nullable SimulatedWorker from, long most) {
    long bytes = Math.min(most, left(to));
    if (from != null) {
      long up = from.description().description().uplinkBytesPerSecond();
      bytes = Math.min(bytes, left(sent, from.id(), up));
      sent.merge(from.id(), bytes, Long::sum);
    }
    received.merge(to.id(), bytes, Long::sum);
    return bytes;
  }

  /** Tells a watcher of all bytes that come from now on. */
  public void watch(Arrivals arrivals) {
    watcher = Objects.requireNonNull(arrivals, "arrivals");
  }

  /** Counts bytes of a chunk that came to a worker. */
  public void moved(WorkerId to, ChunkNumber chunk, long bytes) {
    movedBytes += bytes;
    watcher.came(to, chunk, bytes);
  }

  /** Returns how many bytes have come to anybody in all ticks. */
  public long movedBytes() {
    return movedBytes;
  }

  /** Returns what a link lets through at once; its bytes are those of a second. */
  public long atOnce(long inASecond) {
    return inASecond > Long.MAX_VALUE / ticksAtOnce ? Long.MAX_VALUE : inASecond * ticksAtOnce;
  }

  private long left(Map<WorkerId, Long> used, WorkerId id, long inASecond) {
    return Math.max(0, atOnce(inASecond) - used.getOrDefault(id, 0L));
  }
}
