package dev.stowage.model;

import dev.stowage.columns.NameRule;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.Comparator;
import java.util.Objects;

/**
 * A worker as its host describes it. What it has registered and reported is lifecycle state, not
 * part of this description.
 *
 * @param id the worker's id
 * @param description what its host says of it
 * @param status what may be done with it
 */
public record Worker(WorkerId id, Description description, WorkerStatus status) {
  /** The {@link #maxReplicas} of a worker on which only bytes are counted. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** The speed of a link that a host does not bound. */
  public static final long UNBOUNDED = Long.MAX_VALUE;

  /** Workers by id. */
  public static final Comparator<Worker> CANONICAL_ORDER = Comparator.comparing(Worker::id);

  private static final Shape.Builder<Worker> FIELDS = Shape.named("worker");

  private static final ValueField<Worker, WorkerId> ID =
      FIELDS.value("id", Worker::id, WorkerId.FORM).key();
  private static final ValueField<Worker, Description> DESCRIPTION =
      FIELDS.nested("description", Worker::description, Description.SHAPE);
  private static final ValueField<Worker, WorkerStatus> STATUS =
      FIELDS.oneOf("status", WorkerStatus.class, Worker::status).orElse(WorkerStatus.ACTIVE);

  /** The fields of a worker. */
  public static final Shape<Worker> SHAPE =
      FIELDS.make(v -> new Worker(ID.of(v), DESCRIPTION.of(v), STATUS.of(v)));

  /**
   * Describes a worker as its host does. Refuses nulls only, because a command with wrong values is
   * recorded; {@link Worker} refuses what {@link #SHAPE} does not accept.
   *
   * @param capacityBytes bytes that it may hold, at least 0
   * @param zone its failure domain: a path of one or more levels, outermost first, separated by
   *     slashes ({@code eu-1/hall-b/rack-07}). A zone equal to the id of the worker says that it
   *     has none: the worker is a domain of its own at every level
   * @param version the version of its software
   * @param labels what it offers
   * @param maxReplicas the number of replicas that it may hold, in whatever state, at least 1; a
   *     second capacity, as hard as the bytes; {@link #UNLIMITED} for no such bound
   * @param uplinkBytesPerSecond the bytes that its link sends in a second, at least 1; {@link
   *     #UNBOUNDED} where nobody says
   * @param downlinkBytesPerSecond the bytes that its link receives in a second, in the same way
   */
  public record Description(
      long capacityBytes,
      String zone,
      WorkerVersion version,
      Labels labels,
      int maxReplicas,
      long uplinkBytesPerSecond,
      long downlinkBytesPerSecond) {
    private static final Shape.Builder<Description> FIELDS = Shape.named("description");

    /** The bytes that a worker may hold. */
    public static final NumberField<Description> CAPACITY =
        FIELDS
            .number("capacity_bytes", Description::capacityBytes)
            .atLeast(0)
            .means("the bytes that the worker may hold");

    /** The failure domain of a worker. */
    public static final ValueField<Description, String> ZONE =
        FIELDS
            .text("zone", Description::zone)
            .checkedBy(NameRule::violation)
            .accepts("the name of a zone, or a path such as eu/hall-b, or none")
            .atMost(NameRule.MAX_LENGTH, "characters", String::length)
            .means("the failure domain: a path, outermost level first");

    /** The version of a worker's software. */
    public static final ValueField<Description, WorkerVersion> VERSION =
        FIELDS
            .value("version", Description::version, WorkerVersion.FORM)
            .accepts("a version as major.minor.patch, such as 1.2.0")
            .orElse(WorkerVersion.ZERO)
            .means("the version of the worker's software");

    /** The labels that a worker offers. */
    public static final ValueField<Description, Labels> LABELS =
        FIELDS
            .value("labels", Description::labels, Labels.FORM)
            .atMost(Labels.MOST, "labels", labels -> labels.sorted().size())
            .accepts("labels as a,b, or none")
            .orElse(Labels.NONE)
            .means("what the worker offers");

    /** The number of replicas that a worker may hold. */
    public static final NumberField<Description> MAX_REPLICAS =
        FIELDS
            .number("max_replicas", Description::maxReplicas)
            .narrow()
            .between(1, UNLIMITED)
            .orElse(UNLIMITED, "none")
            .means("the number of replicas that the worker may hold");

    /** The speed at which a worker sends. */
    public static final NumberField<Description> UPLINK =
        FIELDS
            .number("uplink_bytes_per_second", Description::uplinkBytesPerSecond)
            .between(1, UNBOUNDED)
            .orElse(UNBOUNDED, "none")
            .means("the bytes that the worker's link sends in a second");

    /** The speed at which a worker receives. */
    public static final NumberField<Description> DOWNLINK =
        FIELDS
            .number("downlink_bytes_per_second", Description::downlinkBytesPerSecond)
            .between(1, UNBOUNDED)
            .orElse(UNBOUNDED, "none")
            .means("the bytes that the worker's link receives in a second");

    /** The fields of a description. */
    public static final Shape<Description> SHAPE =
        FIELDS.make(v ->
            new Description(
                CAPACITY.of(v),
                ZONE.of(v),
                VERSION.of(v),
                LABELS.of(v),
                MAX_REPLICAS.intOf(v),
                UPLINK.of(v),
                DOWNLINK.of(v)));

    /** Refuses nulls. */
    public Description {
      Objects.requireNonNull(zone, "zone");
      Objects.requireNonNull(version, "version");
      Objects.requireNonNull(labels, "labels");
    }

    /** Returns this description with another number. */
    public Description with(NumberField<Description> field, long value) {
      return SHAPE.with(this, Objects.requireNonNull(field, "field"), value);
    }

    /** Returns this description with another value. */
    public <V> Description with(ValueField<Description, V> field, V value) {
      return SHAPE.with(
          this, Objects.requireNonNull(field, "field"), Objects.requireNonNull(value, "value"));
    }

    /** Returns the description of a worker of a capacity in a zone, and nothing else. */
    public static Description of(long capacityBytes, String zone) {
      return new Description(
          capacityBytes, zone, WorkerVersion.ZERO, Labels.NONE, UNLIMITED, UNBOUNDED, UNBOUNDED);
    }
  }

  /**
   * Refuses nulls, and a description that its shape does not accept with {@link
   * IllegalArgumentException}.
   */
  public Worker {
    Objects.requireNonNull(id, "id");
    Description.SHAPE.checked(Objects.requireNonNull(description, "description"));
    Objects.requireNonNull(status, "status");
  }

  /** Returns an active worker without labels, of version 0.0.0, in a zone of its own. */
  public static Worker of(WorkerId id, long capacityBytes) {
    Objects.requireNonNull(id, "id");
    return new Worker(id, Description.of(capacityBytes, id.value()), WorkerStatus.ACTIVE);
  }

  /** Returns the bytes that it may hold. */
  public long capacityBytes() {
    return description.capacityBytes();
  }

  /** Returns its failure domain. */
  public String zone() {
    return description.zone();
  }

  /** Returns the version of its software. */
  public WorkerVersion version() {
    return description.version();
  }

  /** Returns what it offers. */
  public Labels labels() {
    return description.labels();
  }

  /** Returns the number of replicas that it may hold, or {@link #UNLIMITED}. */
  public int maxReplicas() {
    return description.maxReplicas();
  }

  /** Returns this worker with another number in its description. */
  public Worker with(NumberField<Description> field, long value) {
    return described(description.with(field, value));
  }

  /** Returns this worker with another value in its description. */
  public <V> Worker with(ValueField<Description, V> field, V value) {
    return described(description.with(field, value));
  }

  /** Returns this worker with another description. */
  public Worker described(Description other) {
    return new Worker(id, Objects.requireNonNull(other, "other"), status);
  }

  /** Returns this worker with another capacity. */
  public Worker withCapacityBytes(long bytes) {
    return with(Description.CAPACITY, bytes);
  }

  /** Returns this worker in another zone. */
  public Worker withZone(String name) {
    return with(Description.ZONE, Objects.requireNonNull(name, "zone"));
  }

  /** Returns this worker with another version. */
  public Worker withVersion(WorkerVersion other) {
    return with(Description.VERSION, Objects.requireNonNull(other, "version"));
  }

  /** Returns this worker with other labels. */
  public Worker withLabels(Labels others) {
    return with(Description.LABELS, Objects.requireNonNull(others, "labels"));
  }

  /** Returns this worker with another limit of replicas, or {@link #UNLIMITED}. */
  public Worker withMaxReplicas(int replicas) {
    return with(Description.MAX_REPLICAS, replicas);
  }

  /** Returns this worker with another status. */
  public Worker withStatus(WorkerStatus other) {
    return new Worker(id, description, other);
  }

  /** Returns the domain of the first level that it lies in: its zone, up to the first slash. */
  public String domain() {
    return domain(1);
  }

  /**
   * Returns the domain of a level that it lies in: its zone up to that level. Where its path ends
   * before, or has an empty part, the worker is a domain of its own, with a name that no other has.
   *
   * @param level 1 for the outermost, and so on; refused below with {@link
   *     IllegalArgumentException}
   */
  public String domain(int level) {
    Names.atLeast(level, 1, "level");
    int levels = levels();
    if (level == 1 && levels == 0 && zone().equals(id.value())) {
      return zone();
    }
    return level <= levels ? zone().substring(0, endOf(level)) : zone() + "//" + id;
  }

  /** Returns the number of levels of its zone, up to the first empty part; 0 if it has none. */
  public int levels() {
    if (zone().equals(id.value())) {
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

  /** Reports whether a zone is a path without an empty part, as every door demands. */
  public static boolean isPath(String zone) {
    Objects.requireNonNull(zone, "zone");
    return !zone.startsWith("/") && !zone.endsWith("/") && !zone.contains("//");
  }

  private int endOf(int level) {
    int end = -1;
    for (int each = 0; each < level; each++) {
      int slash = zone().indexOf('/', end + 1);
      end = slash < 0 ? zone().length() : slash;
    }
    return end;
  }

  /** Reports whether its replicas are counted beside its bytes. */
  public boolean isLimited() {
    return maxReplicas() != UNLIMITED;
  }
}
