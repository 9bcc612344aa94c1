package dev.stowage.placement;

import dev.stowage.columns.Avalanche;
import dev.stowage.columns.Fnv;
import dev.stowage.columns.NoNulls;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.Reason;
import dev.stowage.config.Reason.MaskRule;
import dev.stowage.config.WeightPolicy;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.input.FlatInput;
import dev.stowage.placement.input.InputDraft;
import dev.stowage.placement.input.PairSet;
import dev.stowage.placement.input.PreviousFactors;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.IntFunction;

/**
 * Everything a plan depends on, in flat arrays. Chunks and workers are positions in canonical
 * order. Immutable and thread-safe. Costs 5 bytes per replica and 21 per chunk, plus what differs:
 * 1 to 4 bytes each for weight, floor, cap and constraint, up to 8 for the tick of admission.
 */
public final class PlacementInput {
  final FlatInput flat;

  PlacementInput(FlatInput flat) {
    this.flat = flat;
  }

  /** Returns a builder under a configuration. */
  public static PlacementInputBuilder builder(PlacementConfig config) {
    return new PlacementInputBuilder(config);
  }

  /**
   * Returns this input with previous factors in millionths by weight, unless it has any; throws
   * {@code IllegalArgumentException} for a factor below 0.
   */
  public PlacementInput following(Map<Integer, Long> millionths) {
    if (!flat.previous.isEmpty()) {
      return this;
    }
    PreviousFactors.Draft given = new PreviousFactors.Draft();
    millionths.forEach(
        (weight, factor) -> given.add(-1, weight, Bound.atLeast(factor, 0, "previous factor")));
    return new PlacementInput(new FlatInput(flat, given.sealed()));
  }

  /**
   * Returns this input with further pins, for a plan that takes over what is held elsewhere. Pairs
   * that are banned stay as they are. The input must have been made whole, by a builder or for a
   * planner without an index.
   *
   * @param workersOf gives the positions of the workers to which a chunk is pinned
   */
  public PlacementInput pinning(IntFunction<int[]> workersOf) {
    PairSet pins = new PairSet();
    for (long pin : flat.pins) {
      pins.add(PairSet.chunkOf(pin), PairSet.workerOf(pin));
    }
    for (int chunk = 0; chunk < chunkCount(); chunk++) {
      for (int worker : workersOf.apply(chunk)) {
        if (!PairSet.contains(flat.bans, chunk, worker)) {
          pins.add(chunk, worker);
        }
      }
    }
    return new PlacementInput(new FlatInput(flat, pins.sorted()));
  }

  /** Returns the configuration. */
  public PlacementConfig config() {
    return flat.config;
  }

  /** Returns the number of workers of any status. */
  public int workerCount() {
    return flat.workers.length;
  }

  /** Returns the worker at a position. */
  public Worker worker(int worker) {
    return flat.workers[worker];
  }

  /** Reports whether a worker is avoided and so takes nothing new. */
  public boolean isAvoided(int worker) {
    return flat.avoided[worker];
  }

  /** Returns the number of chunks. */
  public int chunkCount() {
    return flat.chunks.count;
  }

  /** Returns the size of a chunk in bytes. */
  public long sizeBytes(int chunk) {
    return flat.chunks.size[chunk];
  }

  /** Returns the weight of a chunk, at least 1. */
  public int weight(int chunk) {
    return flat.chunks.weight(chunk);
  }

  /** Returns the floor of a chunk, at least 1. */
  public int floor(int chunk) {
    return flat.chunks.floor(chunk);
  }

  /** Returns the most replicas that weight can earn a chunk, at least its floor. */
  public int cap(int chunk) {
    return flat.chunks.cap(chunk);
  }

  /** Returns the flags of a chunk, see {@link ChunkBits}. */
  public int chunkBits(int chunk) {
    return flat.chunks.bits[chunk];
  }

  /** Returns the 64-bit hash of a chunk's key. */
  public long keyHash(int chunk) {
    return flat.chunks.keyHash[chunk];
  }

  /** Returns the constraint on the workers of a chunk, without bans. */
  public Eligibility eligibilityOf(int chunk) {
    return flat.pools.get(flat.chunks.pool(chunk)).eligibility();
  }

  /** Returns a chunk's value as it was set. */
  public long value(int chunk, ChunkColumn column) {
    return flat.chunks.get(chunk, column);
  }

  /**
   * Returns the factor that the plan before gave to chunks of this one's weight and constraint, in
   * millionths; empty if it gave none.
   */
  public OptionalLong previousFactor(int chunk) {
    return flat.previous.of(flat.chunks.pool(chunk), weight(chunk));
  }

  /** Returns the bytes that earlier plans moved beyond their budget, to be subtracted now. */
  public long debtBytes() {
    return flat.debtBytes;
  }

  /** Returns the replicas that earlier plans moved beyond their budget. */
  public long debtReplicas() {
    return flat.debtReplicas;
  }

  /** Returns the number of held replicas. */
  public int replicaCount() {
    return flat.held.begin(flat.chunks.count);
  }

  /** Returns the index of a chunk's first replica; its end is the start of chunk + 1. */
  public int replicaStart(int chunk) {
    return flat.held.begin(chunk);
  }

  /** Returns the worker of a held replica. */
  public int replicaWorker(int replica) {
    return flat.held.worker()[replica];
  }

  /** Returns the flags of a held replica, see {@link ReplicaBits}. */
  public int replicaBits(int replica) {
    return flat.held.bits()[replica];
  }

  /** Reports whether growth and moves are off. */
  public boolean isFrozen() {
    return flat.frozen;
  }

  /** Reports whether deletions are held, so that nothing is preempted. */
  public boolean isDeletionHeld() {
    return flat.deletionsHeld;
  }

  /** The flags of a chunk in a {@link PlacementInput}, combined with {@code |}. */
  public static final class ChunkBits {
    /** Portals see the chunk. */
    public static final int VISIBLE = 1;

    /** A worker assignment has named the chunk; without this flag the chunk is new. */
    public static final int ESTABLISHED = 2;

    /** Marked for removal or dropped: not moved, grown or re-replicated; its bytes count. */
    public static final int PINNED = 4;

    /** Some worker has possessed the chunk; the deletion rule guards its last bytes. */
    public static final int ONCE_POSSESSED = 8;

    /** Recently moved by an intent; leveling does not move it. */
    public static final int COOLING = 16;

    /** To be replaced by a pending swap: keeps its floor, does not grow, counts for no level. */
    public static final int ENDING = 32;

    /** Above its former floor: what its floor lacks is a raise, and no repair. */
    public static final int RAISING = 64;

    private static final int MASK = 127;

    private ChunkBits() {}

    /** Reports whether so few copies of a chunk are possessed that it could be lost soon. */
    public static boolean isAtRisk(int possessed, int floor) {
      return possessed < floor && (possessed <= 1 || 2 * possessed < floor);
    }

    static int checked(int bits) {
      if ((bits & ~MASK) != 0) {
        throw new IllegalArgumentException(
            "chunk bits are " + bits + "; a sum of constants of ChunkBits is accepted");
      }
      return bits;
    }
  }

  /**
   * What a planner reads of a chunk beside key, size, flags and replicas, in columns of numbers.
   */
  public enum ChunkColumn {
    /** The chunk's claim on bonus replicas, at least 1. */
    WEIGHT("weight", 1, Integer.MAX_VALUE),
    /** The mandatory replicas, at least 1. */
    FLOOR("floor", 1, Integer.MAX_VALUE),
    /**
     * The most replicas that weight can earn, 0 to {@link WeightPolicy#UNCAPPED}; a cap below the
     * floor counts as the floor.
     */
    CAP("cap", 0, Integer.MAX_VALUE),
    /** The pool by its number of the planner or builder; 0 is {@link PoolKey#ANY}. */
    POOL("pool", 0, Integer.MAX_VALUE),
    /** The tick of admission, at least 0. */
    ADMITTED("tick of admission", 0, Long.MAX_VALUE),
    /** The replicas lost too recently to grow them again, at least 0. */
    RECENTLY_LOST("recently lost replicas", 0, Integer.MAX_VALUE),
    /**
     * The {@link KeyHash} of the dataset, read of new chunks only; 0 if {@code new_share} is not to
     * bound it.
     */
    DATASET("dataset", 0, Long.MAX_VALUE);

    /** All columns. */
    public static final List<ChunkColumn> ALL = List.of(values());

    private final String words;
    private final long least;
    private final long most;

    ChunkColumn(String words, long least, long most) {
      this.words = words;
      this.least = least;
      this.most = most;
    }

    /** Returns the least value, which a chunk has unless another one is set. */
    public long least() {
      return least;
    }

    long checked(long value) {
      Bound.atLeast(value, least, words);
      if (value > most) {
        throw new IllegalArgumentException(
            words + " is " + value + "; at most " + most + " is accepted");
      }
      return value;
    }
  }

  /**
   * Collects a {@link PlacementInput}; workers and chunks are added in canonical order. Not
   * thread-safe; built once. Methods throw {@link IndexOutOfBoundsException} for unknown positions
   * and {@link IllegalArgumentException} for illegal values.
   */
  public static final class PlacementInputBuilder {
    private final InputDraft draft;

    PlacementInputBuilder(PlacementConfig config) {
      draft = new InputDraft(Objects.requireNonNull(config, "config"));
    }

    /** Adds the next worker in canonical order (by id) and returns its position. */
    public int addWorker(Worker worker) {
      int position = draft.workers.size();
      if (position > 0 && draft.workers.get(position - 1).id().compareTo(worker.id()) >= 0) {
        throw new IllegalArgumentException(
            "worker "
                + worker.id()
                + " does not come after "
                + draft.workers.get(position - 1).id());
      }
      draft.workers.add(worker);
      return position;
    }

    /** Marks a worker that takes nothing new. */
    public PlacementInputBuilder avoid(int worker) {
      draft.avoided.set(Objects.checkIndex(worker, draft.workers.size()));
      return this;
    }

    /** Returns the number of a pool, equal for equal keys; 0 is {@code ANY}. */
    public int pool(PoolKey key) {
      return draft.pool(Objects.requireNonNull(key, "key"));
    }

    /**
     * Adds the next chunk in canonical order, with the least value of each column; returns its
     * position.
     *
     * @param keyHash the {@link KeyHash} of its key
     * @param sizeBytes at least 0
     */
    public int addChunk(long keyHash, long sizeBytes) {
      return draft.chunks.add(keyHash, Bound.atLeast(sizeBytes, 0, "size in bytes"));
    }

    /** Sets a column; a pool by a number from {@link #pool(PoolKey)}. */
    public PlacementInputBuilder set(int chunk, ChunkColumn column, long value) {
      draft.chunks.set(checkChunk(chunk), column, column.checked(value));
      if (column == ChunkColumn.POOL) {
        Objects.checkIndex((int) value, draft.pools.size());
      }
      return this;
    }

    /** Sets the flags of a chunk, a combination of {@link ChunkBits}. */
    public PlacementInputBuilder bits(int chunk, int bits) {
      draft.chunks.bits[checkChunk(chunk)] = (byte) ChunkBits.checked(bits);
      return this;
    }

    /** Adds a held replica with its {@link ReplicaBits}; those on departed workers are ignored. */
    public PlacementInputBuilder replica(int chunk, int worker, int bits) {
      checkWorker(worker);
      draft.held.add(checkChunk(chunk), worker, ReplicaBits.checked(bits));
      return this;
    }

    /** Reserves memory for {@code count} held replicas. */
    public PlacementInputBuilder expectReplicas(int count) {
      draft.held.expect(count);
      return this;
    }

    /** Pins a pair: its replica is placed first, and never moved or shrunk. */
    public PlacementInputBuilder pin(int chunk, int worker) {
      draft.pins.add(checkChunk(chunk), checkWorker(worker));
      return this;
    }

    /** Bans a pair: the worker may not hold the chunk. */
    public PlacementInputBuilder ban(int chunk, int worker) {
      draft.bans.add(checkChunk(chunk), checkWorker(worker));
      return this;
    }

    /** Sets the other wishes, of chunks, workers and pools that were added before. */
    public PlacementInputBuilder request(PlanRequest wishes) {
      draft.request = wishes.asked.renamed(this::checkChunk, this::checkWorker);
      draft.request.previous.forEach(
          (pool, weight, millionths) -> Objects.checkIndex(Math.max(0, pool), draft.pools.size()));
      return this;
    }

    /**
     * Returns the input. Throws {@code IllegalArgumentException} if a pair was given twice, as a
     * replica or as a pin and a ban, or a chunk is on two new sides.
     */
    public PlacementInput build() {
      return new PlacementInput(draft.sealed());
    }

    private int checkChunk(int chunk) {
      return Objects.checkIndex(chunk, draft.chunks.count);
    }

    private int checkWorker(int worker) {
      return Objects.checkIndex(worker, draft.workers.size());
    }
  }

  /**
   * What the chunks of one pool have in common: the same workers may hold them. Pools are ordered
   * by their constraint and keys, so that plans do not depend on how they are numbered.
   *
   * @param eligibility the constraint on workers
   * @param keys what hard rules know the chunks by, such as {@code keep_apart=lake}; empty for
   *     chunks that no rule concerns
   */
  public record PoolKey(Eligibility eligibility, @Declare(orEmpty = true) List<String> keys) {
    /** The pool of the chunks without a constraint that no rule concerns. */
    public static final PoolKey ANY = new PoolKey(Eligibility.ANY, List.of());

    /** The fields of a pool. */
    static final Shape<PoolKey> SHAPE = Shape.derived("pool", PoolKey.class);

    /** Throws {@code NullPointerException} for nulls. */
    public PoolKey {
      Objects.requireNonNull(eligibility, "eligibility");
      keys = List.copyOf(NoNulls.in(keys, "keys"));
    }

    /** Returns the pool of a constraint, without keys of rules. */
    public static PoolKey of(Eligibility eligibility) {
      return eligibility.equals(Eligibility.ANY) ? ANY : new PoolKey(eligibility, List.of());
    }

    /** Returns the pool of the chunks of a dataset with a constraint. */
    public static PoolKey of(Eligibility eligibility, DatasetId dataset, PlacementConfig config) {
      List<String> keys = new ArrayList<>(0);
      for (Reason reason : Reason.OF_RULES) {
        MaskRule rule = Objects.requireNonNull(reason.rule());
        String key = rule.key(config, dataset);
        if (key != null) {
          keys.add(rule.setting().name() + "=" + key);
        }
      }
      return keys.isEmpty() ? of(eligibility) : new PoolKey(eligibility, keys);
    }
  }

  /** The flags of a held replica in a {@link PlacementInput}: one state, and facts. */
  public static final class ReplicaBits {
    /** State: assigned to the worker, and wanted so far. */
    public static final int ASSIGNED = 0;

    /** State: dropped by an earlier plan; still held and, if confirmed, routed. */
    public static final int SUPERSEDED = 1;

    /** State: released, during its window. */
    public static final int DRAINING = 2;

    /** The bits of the state. */
    public static final int STATE_MASK = 3;

    /** The worker has proved that it has the bytes. */
    public static final int POSSESSED = 4;

    /** Portals are routed to it. */
    public static final int ROUTED = 8;

    /** Some portal may still ask for it. */
    public static final int READABLE = 16;

    /** Its bytes were missing too long: it does not count, and is superseded once replaced. */
    public static final int GIVEN_UP = 32;

    /**
     * Missing, so not readable, and as if given up, but kept while its worker may still fetch it.
     */
    public static final int STALLED = GIVEN_UP | READABLE;

    private static final int MASK = 63;

    private ReplicaBits() {}

    static int checked(int bits) {
      if ((bits & ~MASK) != 0 || (bits & STATE_MASK) == 3) {
        throw new IllegalArgumentException(
            "replica bits are " + bits + "; constants of ReplicaBits of one state are accepted");
      }
      return bits;
    }
  }

  /**
   * The fixed 64-bit hash of keys: FNV-1a over UTF-8 bytes, a zero byte after the dataset, then an
   * avalanche. Part of the format, so it never changes. Stateless and thread-safe.
   */
  public static final class KeyHash {
    private KeyHash() {}

    /** Returns the hash of a chunk's key. */
    public static long of(ChunkKey key) {
      long folded = Fnv.foldByte(Fnv.fold(Fnv.OFFSET, key.dataset().value()), 0);
      return Avalanche.of(Fnv.fold(folded, key.id()));
    }

    /** Returns the hash of a dataset, above 0. */
    public static long of(DatasetId dataset) {
      return Avalanche.of(Fnv.fold(Fnv.OFFSET, dataset.value())) >>> 1 | 1;
    }

    /** Returns the hash of a worker's id. */
    public static long of(WorkerId id) {
      return Avalanche.of(Fnv.fold(Fnv.OFFSET, id.value()));
    }
  }
}
