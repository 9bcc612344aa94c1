package dev.stowage.lifecycle.documents;

import dev.stowage.columns.Fnv;
import dev.stowage.columns.Mix;
import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementInput.KeyHash;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A visible chunk and the workers that hold it. A reader asks them in the order of {@link
 * #workersFor}: readers that all ask the first of {@link #workers} would all ask the same one.
 *
 * @param workers in the order of ids; none if the chunk is unavailable
 * @param zones the {@link Worker#path} of each worker, empty for a worker without a zone; no
 *     element if no worker has one
 */
public record Route(
    ChunkKey key,
    BlockRange range,
    ChunkNumber number,
    long sizeBytes,
    List<WorkerId> workers,
    List<String> zones) {
  private static final int PRESSED_BIT = 62;

  /** The bits of a level: a path has fewer levels than characters. */
  private static final int LEVEL_BITS = 8;

  private static final int MOST_LEVELS = (1 << LEVEL_BITS) - 1;

  static final Fields.Row<Route> ROW =
      Fields.Row.of(
          new Route(
              ChunkKey.of("-", "-"),
              BlockRange.of(0, 0),
              new ChunkNumber(Lineage.of(0), 1),
              0,
              List.of()),
          true,
          (to, it) -> {
            ChunkKey key = to.key(it.key);
            long first = to.number("first", it.range.first());
            long last = to.atLeast("last", first, it.range.last());
            BlockRange range = to.made(it.range, () -> BlockRange.of(first, last));
            ChunkNumber number = to.chunk("number", it.number);
            long sizeBytes = to.number("bytes", it.sizeBytes);
            List<WorkerId> workers = to.workers("workers", it.workers);
            List<String> zones = to.zonesOf(workers, it.zones);
            return to.made(it, () -> new Route(key, range, number, sizeBytes, workers, zones));
          });

  /**
   * Copies the lists; throws {@code NullPointerException} for nulls, and {@code
   * IllegalArgumentException} if there are zones, but not one path for each worker.
   */
  public Route {
    workers = List.copyOf(workers);
    boolean isZoned = false;
    for (String zone : zones) {
      isZoned |= !requirePath(zone).isEmpty();
    }
    zones = isZoned ? List.copyOf(zones) : List.of();
    if (isZoned && zones.size() != workers.size()) {
      throw new IllegalArgumentException(
          key + " has " + workers.size() + " workers and " + zones.size() + " zones");
    }
  }

  /** Creates a route to workers without zones. */
  public Route(
      ChunkKey key, BlockRange range, ChunkNumber number, long sizeBytes, List<WorkerId> workers) {
    this(key, range, number, sizeBytes, workers, List.of());
  }

  static Route of(ChunkFacts facts, int chunk, List<WorkerId> workers, List<String> zones) {
    return new Route(
        facts.key(chunk),
        facts.range(chunk),
        Objects.requireNonNull(facts.number(chunk)),
        facts.sizeBytes(chunk),
        workers,
        zones);
  }

  /** Returns {@code zone}; throws {@code IllegalArgumentException} if a part of it is empty. */
  static String requirePath(String zone) {
    if (!Worker.isPath(zone)) {
      throw new IllegalArgumentException("zone is a path with an empty part: " + zone);
    }
    return zone;
  }

  /** Reports whether no worker can be asked. */
  public boolean isUnavailable() {
    return workers.isEmpty();
  }

  /** Returns the workers as {@link #workersFor(String, String, Predicate)}, none under pressure. */
  public List<WorkerId> workersFor(String reader, String zone) {
    return workersFor(reader, zone, worker -> false);
  }

  /**
   * Returns the workers in the order in which a reader should ask them: those under pressure last;
   * before that, the more levels of its zone a worker shares with the reader, the earlier; among
   * equals by a hash of chunk, reader and worker (rendezvous hashing: Thaler and Ravishankar,
   * 1998), which spreads the readers of a chunk and the chunks of a reader, and moves only the
   * reads of a worker that comes or goes. Equal arguments give equal orders in every process.
   *
   * @param reader the reader's name, at least one character
   * @param zone the reader's zone, a path with slashes, outermost level first. It may be empty,
   *     unknown, or have another number of levels than those of the workers
   * @param isPressed reports whether a worker is under {@code HIGH} or {@code CRITICAL} pressure
   * @throws IllegalArgumentException if {@code reader} or a part of {@code zone} is empty
   */
  public List<WorkerId> workersFor(String reader, String zone, Predicate<WorkerId> isPressed) {
    if (reader.isEmpty()) {
      throw new IllegalArgumentException(
          "the reader's name is empty; name each reader differently");
    }
    requirePath(zone);
    int count = workers.size();
    int placeBits = Integer.SIZE - Integer.numberOfLeadingZeros(count);
    int hashBits = PRESSED_BIT - LEVEL_BITS - placeBits;
    long drawn = Fnv.fold(KeyHash.of(key), reader);
    long[] order = new long[count];
    for (int i = 0; i < count; i++) {
      WorkerId worker = workers.get(i);
      long pressed = isPressed.test(worker) ? 1 : 0;
      int shared = zones.isEmpty() ? 0 : Worker.sharedLevels(zone, zones.get(i));
      long level = (long) MOST_LEVELS - Math.min(shared, MOST_LEVELS);
      long hash = Mix.mix(drawn ^ KeyHash.of(worker)) >>> (Long.SIZE - hashBits);
      order[i] = ((pressed << LEVEL_BITS | level) << hashBits | hash) << placeBits | i;
    }
    Arrays.sort(order);
    return new Ordered(workers, order, (1L << placeBits) - 1);
  }

  // As generated, without its chain of method handles; what differs most often comes first.
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Route it
            && sizeBytes == it.sizeBytes
            && number.equals(it.number)
            && workers.equals(it.workers)
            && zones.equals(it.zones)
            && range.first() == it.range.first()
            && range.last() == it.range.last()
            && key.equals(it.key));
  }

  @Override
  public int hashCode() {
    int ranged = 31 * key.hashCode() + range.hashCode();
    int sized = 31 * (31 * ranged + number.hashCode()) + Long.hashCode(sizeBytes);
    return 31 * (31 * sized + workers.hashCode()) + zones.hashCode();
  }

  /** The workers by the low bits of sorted keys, which are all that an answer allocates. */
  private static final class Ordered extends AbstractList<WorkerId> implements RandomAccess {
    private final List<WorkerId> workers;
    private final long[] order;
    private final long places;

    Ordered(List<WorkerId> workers, long[] order, long places) {
      this.workers = workers;
      this.order = order;
      this.places = places;
    }

    @Override
    public WorkerId get(int index) {
      return workers.get((int) (order[index] & places));
    }

    @Override
    public int size() {
      return order.length;
    }
  }
}
