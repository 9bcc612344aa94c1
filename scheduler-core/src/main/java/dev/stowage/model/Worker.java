package dev.stowage.model;

import dev.stowage.columns.ForeignText;
import dev.stowage.columns.NameRule;
import dev.stowage.columns.NoNulls;
import dev.stowage.columns.Utf8Order;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Means;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A worker as its host describes it. Registrations and reports are lifecycle state.
 *
 * @param replacedBy the worker that takes its copies over while it leaves, if any
 */
public record Worker(
    WorkerId id, Description description, WorkerStatus status, Optional<WorkerId> replacedBy) {
  /** The {@link #maxReplicas} of a worker that is limited in bytes only. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** The speed of a link without a bound. */
  public static final long UNBOUNDED = Long.MAX_VALUE;

  /** The order of workers by id. */
  public static final Comparator<Worker> CANONICAL_ORDER = Comparator.comparing(Worker::id);

  private static final Shape.Builder<Worker> FIELDS = Shape.named("worker");

  private static final ValueField<Worker, WorkerId> ID =
      FIELDS.value("id", Worker::id, WorkerId.FORM);
  private static final ValueField<Worker, Description> DESCRIPTION =
      FIELDS.nested("description", Worker::description, Description.SHAPE);
  private static final ValueField<Worker, WorkerStatus> STATUS =
      FIELDS.oneOf("status", WorkerStatus.class, Worker::status).orElse(WorkerStatus.ACTIVE);
  private static final ValueField<Worker, WorkerId> REPLACED_BY =
      FIELDS.value("replaced_by", it -> it.replacedBy.orElse(null), WorkerId.FORM).orNone();

  /** The fields of a worker. */
  static final Shape<Worker> SHAPE =
      FIELDS.make(v ->
          new Worker(
              ID.of(v),
              DESCRIPTION.of(v),
              STATUS.of(v),
              Optional.ofNullable(REPLACED_BY.orNull(v))));

  /**
   * The description of a worker. The constructor refuses nulls only, because a command with wrong
   * values is recorded; {@link Worker} refuses values that {@link #SHAPE} does not accept.
   *
   * @param capacityBytes the bytes that it may hold, at least 0
   * @param zone its failure domain: a path with slashes, outermost level first ({@code
   *     eu-1/hall-b/rack-07}). A zone equal to the worker's id makes the worker a domain of its own
   *     at every level
   * @param maxReplicas the replicas that it may hold, in any state, at least 1: a second hard
   *     capacity; {@link #UNLIMITED} for none
   * @param uplinkBytesPerSecond the bytes per second that its link sends, at least 1; {@link
   *     #UNBOUNDED} if unknown
   * @param downlinkBytesPerSecond likewise for the bytes that its link receives
   */
  public record Description(
      @Declare(least = 0) @Means("bytes that it may hold, with a unit, such as 4TiB")
          long capacityBytes,
      @Declare(most = NameRule.MAX_LENGTH, unit = "characters")
          @Means("failure domain: a path, outermost level first")
          String zone,
      @Declare(or = "ZERO") @Means("version of its software: major.minor.patch")
          WorkerVersion version,
      @Declare(or = "NONE") @Means("what it offers") Labels labels,
      @Declare(least = 1, most = UNLIMITED, word = "none", orElse = UNLIMITED)
          @Means("replicas that it may hold")
          int maxReplicas,
      @Declare(least = 1, most = UNBOUNDED, word = "none", orElse = UNBOUNDED)
          @Means("bytes that its link sends in a second")
          long uplinkBytesPerSecond,
      @Declare(least = 1, most = UNBOUNDED, word = "none", orElse = UNBOUNDED)
          @Means("bytes that its link receives in a second")
          long downlinkBytesPerSecond) {
    /** The fields of a description. */
    static final Shape<Description> SHAPE =
        Shape.derived(
            "description",
            Description.class,
            row -> {
              row.<String>value("zone")
                  .checkedBy(NameRule::violation)
                  .accepts("the name of a zone, or a path such as eu/hall-b, or none");
              row.<WorkerVersion>value("version")
                  .accepts("a version as major.minor.patch, such as 1.2.0");
              row.<Labels>value("labels")
                  .atMost(Labels.MOST, "labels", labels -> labels.sorted().size())
                  .accepts("labels as a,b, or none");
            });

    /** Throws {@link NullPointerException} for nulls. */
    public Description {
      Objects.requireNonNull(zone, "zone");
      Objects.requireNonNull(version, "version");
      Objects.requireNonNull(labels, "labels");
    }

    /** Returns a description of a capacity and a zone, with defaults for all else. */
    public static Description of(long capacityBytes, String zone) {
      return new Description(
          capacityBytes, zone, WorkerVersion.ZERO, Labels.NONE, UNLIMITED, UNBOUNDED, UNBOUNDED);
    }
  }

  /** Throws {@link IllegalArgumentException} if the shape does not accept the description. */
  public Worker {
    Objects.requireNonNull(id, "id");
    Description.SHAPE.checked(Objects.requireNonNull(description, "description"));
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(replacedBy, "replacedBy");
  }

  /** Creates a worker that no other one replaces. */
  public Worker(WorkerId id, Description description, WorkerStatus status) {
    this(id, description, status, Optional.empty());
  }

  /** Returns an active worker without labels, of version 0.0.0, in a zone of its own. */
  public static Worker of(WorkerId id, long capacityBytes) {
    Objects.requireNonNull(id, "id");
    return new Worker(id, Description.of(capacityBytes, id.value()), WorkerStatus.ACTIVE);
  }

  /** Returns the bytes that the worker may hold. */
  public long capacityBytes() {
    return description.capacityBytes();
  }

  /** Returns the failure domain, a path. */
  public String zone() {
    return description.zone();
  }

  /** Returns the zone, or the empty text for a worker that is a domain of its own. */
  public String path() {
    return zone().equals(id.value()) ? "" : zone();
  }

  /** Returns the version of the worker's software. */
  public WorkerVersion version() {
    return description.version();
  }

  /** Returns the labels that the worker offers. */
  public Labels labels() {
    return description.labels();
  }

  /** Returns the number of replicas that the worker may hold, or {@link #UNLIMITED}. */
  public int maxReplicas() {
    return description.maxReplicas();
  }

  /** Returns this worker with another description. */
  public Worker described(Description other) {
    return new Worker(id, Objects.requireNonNull(other, "other"), status, replacedBy);
  }

  /** Returns this worker with another capacity. */
  public Worker withCapacityBytes(long bytes) {
    return with("capacity_bytes", bytes);
  }

  /** Returns this worker in another zone. */
  public Worker withZone(String name) {
    return with("zone", name);
  }

  /** Returns this worker with another version. */
  public Worker withVersion(WorkerVersion other) {
    return with("version", other);
  }

  /** Returns this worker with other labels. */
  public Worker withLabels(Labels others) {
    return with("labels", others);
  }

  /** Returns this worker with another limit of replicas, or {@link #UNLIMITED}. */
  public Worker withMaxReplicas(int replicas) {
    return with("max_replicas", replicas);
  }

  /** Returns this worker with another speed of receiving, in bytes per second. */
  public Worker withDownlink(long bytesPerSecond) {
    return with("downlink_bytes_per_second", bytesPerSecond);
  }

  private Worker with(String field, Object value) {
    return described(Description.SHAPE.with(description, field, value));
  }

  /** Returns this worker with another status. */
  public Worker withStatus(WorkerStatus other) {
    return new Worker(id, description, other, replacedBy);
  }

  /** Returns this worker with another worker that takes its copies over, or none. */
  public Worker withReplacement(Optional<WorkerId> other) {
    return new Worker(id, description, status, Objects.requireNonNull(other, "other"));
  }

  /** Returns the worker's domain at the first level: its zone up to the first slash. */
  public String domain() {
    return domain(1);
  }

  /**
   * Returns the worker's domain at a level, 1 for the outermost: its zone up to that level. Where
   * the path ends before or has an empty part, the worker is a domain of its own with a unique
   * name. Throws {@link IllegalArgumentException} for a level below 1.
   */
  public String domain(int level) {
    Names.atLeast(level, 1, "level");
    int levels = levels();
    if (level == 1 && levels == 0 && zone().equals(id.value())) {
      return zone();
    }
    return level <= levels ? zone().substring(0, endOf(level)) : zone() + "//" + id;
  }

  /** Returns the number of levels of the zone up to the first empty part; 0 without a zone. */
  public int levels() {
    if (path().isEmpty()) {
      return 0;
    }
    int levels = 0;
    for (int from = 0; from <= zone().length(); levels++) {
      int slash = zone().indexOf('/', from);
      int end = slash < 0 ? zone().length() : slash;
      if (end == from) {
        break;
      }
      from = end + 1;
    }
    return levels;
  }

  /** Reports whether a zone is a path without an empty part. */
  public static boolean isPath(String zone) {
    Objects.requireNonNull(zone, "zone");
    return !zone.startsWith("/") && !zone.endsWith("/") && !zone.contains("//");
  }

  /** Returns the number of levels, outermost first, that two paths share; 0 if one is empty. */
  public static int sharedLevels(String one, String other) {
    Objects.requireNonNull(one, "one");
    Objects.requireNonNull(other, "other");
    int end = Math.min(one.length(), other.length());
    int shared = 0;
    int at = 0;
    while (at < end && one.charAt(at) == other.charAt(at)) {
      shared += one.charAt(at) == '/' ? 1 : 0;
      at++;
    }
    return at > 0 && isEnd(one, at) && isEnd(other, at) ? shared + 1 : shared;
  }

  private static boolean isEnd(String path, int at) {
    return at == path.length() || path.charAt(at) == '/';
  }

  private int endOf(int level) {
    int end = -1;
    for (int each = 0; each < level; each++) {
      int slash = zone().indexOf('/', end + 1);
      end = slash < 0 ? zone().length() : slash;
    }
    return end;
  }

  /** Reports whether the worker has a limit of replicas. */
  public boolean isLimited() {
    return maxReplicas() != UNLIMITED;
  }

  /**
   * A set of labels, sorted and without repetition, so that equal sets are equal values.
   *
   * @param sorted the labels in UTF-8 order, each 1 to 512 characters without control characters
   */
  public record Labels(List<String> sorted) {
    /** The empty set. */
    public static final Labels NONE = new Labels(List.of());

    /** The most labels that a worker offers or a chunk requires. */
    public static final int MOST = 256;

    /** The form of a set of labels. */
    static final Form<Labels> FORM =
        Forms.of(Forms.list(Forms.TEXT), Labels::copyOf, Labels::sorted);

    /** Sorts the labels; throws {@link IllegalArgumentException} if one cannot be a name. */
    public Labels {
      TreeSet<String> labels = new TreeSet<>(Utf8Order.COMPARATOR);
      for (String label : NoNulls.in(sorted, "sorted")) {
        labels.add(Names.checked(label, "label"));
      }
      sorted = List.copyOf(labels);
    }

    /** Returns the set of these labels. */
    public static Labels of(String... labels) {
      return copyOf(Arrays.asList(Objects.requireNonNull(labels, "labels")));
    }

    /** Returns the set of these labels. */
    public static Labels copyOf(Collection<String> labels) {
      return NoNulls.in(labels, "labels").isEmpty() ? NONE : new Labels(List.copyOf(labels));
    }

    /** Reports whether this set has every label of {@code required}. */
    public boolean containsAll(Labels required) {
      return required.sorted.isEmpty() || sorted.containsAll(required.sorted);
    }

    /** Reports whether the set is empty. */
    public boolean isEmpty() {
      return sorted.isEmpty();
    }

    /** Returns the labels joined by {@code ;}. */
    @Override
    public String toString() {
      return String.join(";", sorted);
    }
  }

  /** The version of a worker's software, {@code major.minor.patch}, compared by number. */
  public record WorkerVersion(int major, int minor, int patch)
      implements Comparable<WorkerVersion> {
    /** The version of a worker that states none, and the minimum that restricts nothing. */
    public static final WorkerVersion ZERO = new WorkerVersion(0, 0, 0);

    /** The form of a version: its text. */
    static final Form<WorkerVersion> FORM =
        Forms.text(WorkerVersion::parse, WorkerVersion::toString);

    private static final Pattern PATTERN =
        Pattern.compile("([0-9]{1,9})\\.([0-9]{1,9})\\.([0-9]{1,9})");

    /** Throws {@link IllegalArgumentException} for a negative part. */
    public WorkerVersion {
      Names.atLeast(major, 0, "major version");
      Names.atLeast(minor, 0, "minor version");
      Names.atLeast(patch, 0, "patch version");
    }

    /**
     * Parses {@code major.minor.patch}; throws {@link IllegalArgumentException} for another form.
     */
    public static WorkerVersion parse(String text) {
      Matcher parts = PATTERN.matcher(Objects.requireNonNull(text, "text"));
      if (!parts.matches()) {
        throw new IllegalArgumentException(
            "version is '"
                + ForeignText.quoted(text)
                + "'; major.minor.patch is accepted, such as 1.2.0");
      }
      return new WorkerVersion(
          Integer.parseInt(parts.group(1)),
          Integer.parseInt(parts.group(2)),
          Integer.parseInt(parts.group(3)));
    }

    @Override
    public int compareTo(WorkerVersion other) {
      int byMajor = Integer.compare(major, other.major);
      if (byMajor != 0) {
        return byMajor;
      }
      int byMinor = Integer.compare(minor, other.minor);
      return byMinor != 0 ? byMinor : Integer.compare(patch, other.patch);
    }

    /** Returns the version as {@code major.minor.patch}. */
    @Override
    public String toString() {
      return major + "." + minor + "." + patch;
    }
  }
}
