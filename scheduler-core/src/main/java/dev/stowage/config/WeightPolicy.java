package dev.stowage.config;

import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Weight, floor, cap and constraint by dataset and block (placement design, section 1). Immutable
 * and thread-safe.
 */
public final class WeightPolicy {
  /** No cap. */
  public static final int UNCAPPED = Integer.MAX_VALUE;

  /** A cap below every floor, which counts as the floor: weight earns nothing. */
  public static final int AT_FLOOR = 0;

  /** Stands for the start of a segment where there is none. */
  public static final long NO_SEGMENT = Long.MIN_VALUE;

  /** The policy without datasets, which gives every chunk the defaults. */
  public static final WeightPolicy DEFAULTS = builder().build();

  /** The form of a policy: datasets in ascending order, each with its segments. */
  static final Form<WeightPolicy> FORM =
      Forms.of(Forms.list(Forms.row(Segments.SHAPE)), WeightPolicy::of, WeightPolicy::rows);

  private final Map<DatasetId, List<Segment>> segments;

  private WeightPolicy(Map<DatasetId, List<Segment>> segments) {
    this.segments = segments;
  }

  /**
   * The chunks from a block on, until the next segment begins. Its floor, cap, least version and
   * labels are those of the segment that would hold its chunks without it, unless it has its own.
   *
   * @param from the first block; negative counts the dataset's newest blocks
   * @param weight at least 1
   * @param floor at least 1; empty for that of the segment below, or the configured one
   * @param max the most replicas that weight can earn, at least 0, or {@link #UNCAPPED}; below the
   *     floor it counts as the floor; empty for that of the segment below, or the configured one
   * @param eligibility the constraint on workers; a version of zero, or no labels, stand for those
   *     of the segment below
   */
  public record Segment(
      long from,
      @Declare(least = 1) int weight,
      @Declare(orEmpty = true) OptionalInt floor,
      @Declare(orEmpty = true) OptionalInt max,
      @Declare(or = "ANY") Eligibility eligibility) {
    /** The fields of a segment. */
    static final Shape<Segment> SHAPE =
        Shape.derived(
            "segment",
            Segment.class,
            row -> {
              row.<OptionalInt>value("floor").must("at least 1", it -> it.orElse(1) >= 1);
              row.<OptionalInt>value("max")
                  .must("at least 0", it -> it.orElse(AT_FLOOR) >= AT_FLOOR);
            });

    /** Throws {@link IllegalArgumentException} if a value is below its bound. */
    public Segment(
        long from, int weight, OptionalInt floor, OptionalInt max, Eligibility eligibility) {
      this.from = from;
      this.weight = weight;
      this.floor = floor;
      this.max = max;
      this.eligibility = Objects.requireNonNull(eligibility, "eligibility");
      SHAPE.checked(this);
    }

    /** Creates a segment with the configured cap. */
    public Segment(long from, int weight, OptionalInt floor, Eligibility eligibility) {
      this(from, weight, floor, OptionalInt.empty(), eligibility);
    }

    /** Returns a segment with only a weight. */
    public static Segment of(long from, int weight) {
      return new Segment(from, weight, OptionalInt.empty(), Eligibility.ANY);
    }

    private Segment on(Eligibility workers) {
      return new Segment(from, weight, floor, max, workers);
    }

    /** Returns warnings about this segment; {@code whole} has the values from below too. */
    private List<String> warnings(Segment whole, Segment below, int least, int most, Ends end) {
      List<String> warnings = new ArrayList<>();
      int own = whole.floor.orElse(least);
      int older = below.floor.orElse(least);
      int cap = Math.max(own, whole.max.orElse(most));
      int olderCap = Math.max(older, below.max.orElse(most));
      if (weight > 1 && floor.isEmpty() && cap == own) {
        warnings.add(
            "weight "
                + weight
                + " earns no copy, since max is the floor, "
                + own
                + "; give a greater max, or a floor");
      }
      if (from < 0 && (own < older || cap < olderCap)) {
        String what = own < older ? "floor " + own : "max " + cap;
        int than = own < older ? older : olderCap;
        warnings.add(
            what + " is lower than that of older blocks, " + (than == UNCAPPED ? "none" : than));
      }
      if (from < 0 && end.before >= 0 && end.first - end.before > -from) {
        warnings.add(
            "the chunk of blocks "
                + end.first
                + " to "
                + end.last
                + " has them alone, since all others end at "
                + end.before);
      }
      return warnings;
    }

    /** Returns this segment with what it does not say from the one below. */
    private Segment over(Segment below) {
      WorkerVersion version = eligibility.minVersion();
      Labels labels = eligibility.requiredLabels();
      Eligibility workers =
          new Eligibility(
              version.equals(WorkerVersion.ZERO) ? below.eligibility.minVersion() : version,
              labels.equals(Labels.NONE) ? below.eligibility.requiredLabels() : labels);
      return new Segment(
          from,
          weight,
          floor.isPresent() ? floor : below.floor,
          max.isPresent() ? max : below.max,
          workers);
    }

    long start(long lastBlock) {
      return from >= 0 ? from : Math.max(0, lastBlock + 1 + from);
    }
  }

  /**
   * The claim of a chunk.
   *
   * @param weight its weight, at least 1
   * @param floor its own floor; empty for the configured one
   * @param max its own cap; empty for the configured one
   * @param eligibility the constraints of chunk and policy
   */
  public record Claim(int weight, OptionalInt floor, OptionalInt max, Eligibility eligibility) {}

  private record Segments(DatasetId dataset, List<Segment> segments) {
    static final Shape<Segments> SHAPE = Shape.derived("segments", Segments.class);
  }

  private static WeightPolicy of(List<Segments> rows) {
    Builder builder = builder();
    for (Segments row : rows) {
      row.segments().forEach(segment -> builder.segment(row.dataset(), segment));
    }
    WeightPolicy policy = builder.build();
    if (!policy.rows().equals(rows)) {
      throw new IllegalArgumentException("datasets repeat, are out of order or have no segments");
    }
    return policy;
  }

  private List<Segments> rows() {
    List<Segments> rows = new ArrayList<>();
    segments.forEach((dataset, list) -> rows.add(new Segments(dataset, list)));
    return rows;
  }

  /**
   * Returns the policy of a fleet in which all chunks of one dataset have another floor:
   *
   * <pre>{@code
   * WeightPolicy three = WeightPolicy.floor(DatasetId.of("video"), 3);
   * WeightPolicy both = three.withCap(DatasetId.of("logs"), 2);
   * }</pre>
   *
   * <p>Throws {@link IllegalArgumentException} if {@code copies} is below 1, as {@link #withFloor}
   * does, with which a policy that exists is changed.
   */
  public static WeightPolicy floor(DatasetId dataset, int copies) {
    return DEFAULTS.withFloor(dataset, copies);
  }

  /** Returns this policy with a floor, at least 1, for all chunks of a dataset. */
  public WeightPolicy withFloor(DatasetId dataset, int copies) {
    return with(
        dataset,
        it -> new Segment(it.from, it.weight, OptionalInt.of(copies), it.max, it.eligibility));
  }

  /**
   * Returns this policy with a floor for the newest blocks of a dataset, such as three copies of
   * its last thousand blocks: {@code policy.withNewest(dataset, 1000, 3)}. A second call with as
   * many blocks replaces the floor; older blocks keep theirs.
   *
   * <p>Throws {@link IllegalArgumentException} if {@code blocks} or {@code copies} is below 1.
   */
  public WeightPolicy withNewest(DatasetId dataset, long blocks, int copies) {
    Objects.requireNonNull(dataset, "dataset");
    if (blocks < 1) {
      throw new IllegalArgumentException("blocks is " + blocks + "; at least 1 is accepted");
    }
    List<Segment> changed = new ArrayList<>(segments(dataset));
    Segment top = segmentAt(changed, Long.MAX_VALUE, Long.MAX_VALUE - 1);
    Segment old = Segment.of(-blocks, top == null ? 1 : top.weight);
    for (Segment each : segments(dataset)) {
      old = each.from == -blocks ? each : old;
    }
    changed.remove(old);
    changed.add(new Segment(-blocks, old.weight, OptionalInt.of(copies), old.max, old.eligibility));
    return of(dataset, changed);
  }

  /**
   * Returns this policy with a cap for all chunks of a dataset: the most copies that their weights
   * earn, at least 0, or {@link #UNCAPPED}. A cap below the floor counts as the floor.
   */
  public WeightPolicy withCap(DatasetId dataset, int copies) {
    return with(
        dataset,
        it -> new Segment(it.from, it.weight, it.floor, OptionalInt.of(copies), it.eligibility));
  }

  /**
   * Returns this policy with a floor and a cap for all chunks of a dataset, so that each has {@code
   * least} to {@code most} copies:
   *
   * <pre>{@code
   * WeightPolicy policy = held.weights().withCopies(DatasetId.of("video"), 2, 3);
   * }</pre>
   *
   * <p>Throws {@link IllegalArgumentException} unless {@code 1 <= least <= most}.
   */
  public WeightPolicy withCopies(DatasetId dataset, int least, int most) {
    if (most < least) {
      throw new IllegalArgumentException(
          "most is " + most + ", below least, which is " + least + "; give at least " + least);
    }
    return withFloor(dataset, least).withCap(dataset, most);
  }

  /** Returns this policy with a least version of workers that hold chunks of a dataset. */
  public WeightPolicy withMinVersion(DatasetId dataset, WorkerVersion version) {
    Objects.requireNonNull(version, "version");
    return with(dataset, it -> it.on(new Eligibility(version, it.eligibility.requiredLabels())));
  }

  /**
   * Returns this policy with the labels that workers need to hold chunks of a dataset, in place of
   * those it has: {@code policy.withLabels(dataset, Labels.of("ssd"))}.
   */
  public WeightPolicy withLabels(DatasetId dataset, Labels labels) {
    Objects.requireNonNull(labels, "labels");
    return with(dataset, it -> it.on(new Eligibility(it.eligibility.minVersion(), labels)));
  }

  // The chunks before the first segment have one of their own from then on.
  private WeightPolicy with(DatasetId dataset, UnaryOperator<Segment> change) {
    Objects.requireNonNull(dataset, "dataset");
    List<Segment> changed = new ArrayList<>();
    if (segments(dataset).stream().noneMatch(it -> it.from() == 0)) {
      changed.add(change.apply(Segment.of(0, 1)));
    }
    segments(dataset).forEach(it -> changed.add(change.apply(it)));
    return of(dataset, changed);
  }

  private WeightPolicy of(DatasetId dataset, List<Segment> changed) {
    Map<DatasetId, List<Segment>> all = new TreeMap<>(segments);
    all.put(dataset, List.copyOf(changed));
    return new WeightPolicy(Collections.unmodifiableMap(all));
  }

  /** Returns a builder of a policy. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the segments of a dataset in the given order; empty if not configured. */
  public List<Segment> segments(DatasetId dataset) {
    return segments.getOrDefault(dataset, List.of());
  }

  /** Returns the segments by configured dataset, ascending. */
  public Map<DatasetId, List<Segment>> all() {
    return segments;
  }

  /**
   * Returns warnings, one sentence each: a segment whose weight earns no copy, and one for newest
   * blocks that gives fewer copies than older ones have, or that a lone chunk far beyond the others
   * has alone.
   *
   * @param least the floor of a segment without one
   * @param most the cap of a segment without one
   * @param chunks the live chunks, of any datasets
   */
  public List<String> warnings(int least, int most, Iterable<Chunk> chunks) {
    Map<DatasetId, Ends> ends = new TreeMap<>();
    for (Chunk chunk : chunks) {
      DatasetId dataset = chunk.key().dataset();
      ends.put(dataset, ends.getOrDefault(dataset, Ends.NONE).with(chunk.range()));
    }
    List<String> warnings = new ArrayList<>();
    segments.forEach((dataset, all) -> {
      Ends end = ends.getOrDefault(dataset, Ends.NONE);
      for (Segment each : all) {
        List<Segment> others = new ArrayList<>(all);
        others.remove(each);
        Segment found = segmentAt(others, each.start(end.last), end.last);
        Segment below = found == null ? Segment.of(0, 1) : found;
        each.warnings(each.over(below), below, least, most, end).stream()
            .map(it -> dataset + ", blocks from " + each.from + ": " + it)
            .forEach(warnings::add);
      }
    });
    return warnings;
  }

  /**
   * The end of a dataset.
   *
   * @param first the first block of the chunk that ends last
   * @param last the last block of that chunk
   * @param before the last block of all others; -1 if there is none
   */
  private record Ends(long first, long last, long before) {
    static final Ends NONE = new Ends(-1, -1, -1);

    Ends with(BlockRange range) {
      return range.last() > last
          ? new Ends(range.first(), range.last(), last)
          : new Ends(first, last, Math.max(before, range.last()));
    }
  }

  /** Returns the most labels that a segment requires. */
  public int mostLabels() {
    return segments.values().stream()
        .flatMap(List::stream)
        .mapToInt(segment -> segment.eligibility().requiredLabels().sorted().size())
        .max()
        .orElse(0);
  }

  /**
   * Returns the claim of a chunk by the last segment that begins at or before its first block, and
   * by those below for what it does not say; else the defaults. An explicit weight wins; negative
   * starts count from {@code lastBlock}.
   */
  public Claim claim(Chunk chunk, long lastBlock) {
    Segment best = segmentAt(segments(chunk.key().dataset()), chunk.range().first(), lastBlock);
    if (best == null) {
      return new Claim(
          chunk.weight().orElse(1), OptionalInt.empty(), OptionalInt.empty(), chunk.eligibility());
    }
    return new Claim(
        chunk.weight().orElse(best.weight()),
        best.floor(),
        best.max(),
        chunk.eligibility().and(best.eligibility()));
  }

  /**
   * Returns the start, as it is configured, of the segment of a chunk ({@link #claim}); {@link
   * #NO_SEGMENT} if none begins at or before its first block.
   */
  public long from(Chunk chunk, long lastBlock) {
    Segment best = segmentAt(segments(chunk.key().dataset()), chunk.range().first(), lastBlock);
    return best == null ? NO_SEGMENT : best.from();
  }

  /** Returns the ascending ranges of blocks that change segment; a last block of -1 is none. */
  public List<BlockRange> slid(DatasetId dataset, long lastBefore, long lastAfter) {
    List<Segment> all = segments(dataset);
    TreeSet<Long> starts = new TreeSet<>();
    for (Segment segment : all) {
      starts.add(segment.start(lastBefore));
      starts.add(segment.start(lastAfter));
    }
    List<BlockRange> ranges = new ArrayList<>();
    for (long start : starts) {
      Segment before = segmentAt(all, start, lastBefore);
      if (!Objects.equals(before, segmentAt(all, start, lastAfter))) {
        Long next = starts.higher(start);
        ranges.add(BlockRange.of(start, next == null ? Long.MAX_VALUE : next - 1));
      }
    }
    return ranges;
  }

  /** Returns the segment of a block, with what it does not say from those below. */
  private static @Nullable Segment segmentAt(List<Segment> all, long block, long lastBlock) {
    Segment whole = null;
    long above = Long.MAX_VALUE;
    int before = all.size();
    while (true) {
      int best = -1;
      long latest = Long.MIN_VALUE;
      for (int i = 0; i < all.size(); i++) {
        long start = all.get(i).start(lastBlock);
        boolean isBelow = start < above || (start == above && i < before);
        if (start <= block && isBelow && start >= latest) {
          best = i;
          latest = start;
        }
      }
      if (best < 0) {
        return whole;
      }
      whole = whole == null ? all.get(best) : whole.over(all.get(best));
      above = latest;
      before = best;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WeightPolicy policy && segments.equals(policy.segments);
  }

  @Override
  public int hashCode() {
    return segments.hashCode();
  }

  @Override
  public String toString() {
    return "WeightPolicy" + segments;
  }

  /** A builder of policies. Not thread-safe. */
  public static final class Builder {
    private final Map<DatasetId, List<Segment>> segments = new TreeMap<>();

    private Builder() {}

    /** Adds a segment to a dataset. */
    public Builder segment(DatasetId dataset, Segment segment) {
      Objects.requireNonNull(segment, "segment");
      segments.computeIfAbsent(dataset, key -> new ArrayList<>()).add(segment);
      return this;
    }

    /** Returns the policy. */
    public WeightPolicy build() {
      Map<DatasetId, List<Segment>> copy = new TreeMap<>();
      segments.forEach((dataset, list) -> copy.put(dataset, List.copyOf(list)));
      return new WeightPolicy(Collections.unmodifiableMap(copy));
    }
  }
}
