package dev.stowage.deterministic;

import dev.stowage.columns.Mix;
import dev.stowage.deterministic.basics.Bounds;
import dev.stowage.deterministic.basics.SettingNames;
import dev.stowage.deterministic.queues.OrderedQueue;
import dev.stowage.deterministic.queues.Timestamp;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader.HeaderDifference;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.Hash256;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The settings that decide a scheduler's log; {@link Builder} documents each with its range. */
public record SchedulerConfig(
    int cores,
    int quantum,
    Mapping mapping,
    long seed,
    Timestamp initialClock,
    int queueCapacity,
    int orderedCapacity,
    int effectLimit,
    int starvationBound,
    int stateCapacity) {
  /** The most cores. */
  public static final int MAX_CORES = 256;

  /** The default of {@link #quantum}, in tasks. */
  public static final int DEFAULT_QUANTUM = 64;

  /** The default of {@link #queueCapacity}, in tasks. */
  public static final int DEFAULT_QUEUE_CAPACITY = 1024;

  /** The default of {@link #orderedCapacity}, in tasks. */
  public static final int DEFAULT_ORDERED_CAPACITY = OrderedQueue.DEFAULT_CAPACITY;

  /** The default of {@link #effectLimit}. */
  public static final int DEFAULT_EFFECT_LIMIT = 64;

  /** The default of {@link #starvationBound}: higher picks in a row while lower tasks wait. */
  public static final int DEFAULT_STARVATION_BOUND = 16;

  /** The default of {@link #stateCapacity}, in names. */
  public static final int DEFAULT_STATE_CAPACITY = 4096;

  /** Must change with the rules of this package, because logs of other rules differ. */
  static final String RULES = "deterministic-1";

  private static final int MILLION = 1_000_000;
  private static final int MOST_EFFECTS = 1 << 16;

  /** Throws {@code IllegalArgumentException}, naming all of them, if values are out of range. */
  public SchedulerConfig {
    List<String> wrong = new ArrayList<>();
    check(wrong, "cores", cores, 1, MAX_CORES);
    check(wrong, "quantum", quantum, 1, MILLION);
    check(wrong, "queueCapacity", queueCapacity, 1, MILLION);
    check(wrong, "orderedCapacity", orderedCapacity, 1, MILLION);
    check(wrong, "effectLimit", effectLimit, 0, MOST_EFFECTS);
    check(wrong, "starvationBound", starvationBound, 1, MILLION);
    check(wrong, "stateCapacity", stateCapacity, 0, MILLION);
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", wrong));
    }
  }

  /** Returns a configuration with seed 0, clock 0 and every other setting at its default. */
  public static SchedulerConfig ofCores(int cores) {
    return builder(cores).build();
  }

  /** Returns a builder with the defaults for 1 to 256 cores. */
  public static Builder builder(int cores) {
    return new Builder(cores);
  }

  /** Returns seed, initial clock and cores. */
  public ReplaySeed replaySeed() {
    return new ReplaySeed(seed, initialClock, cores);
  }

  /** Returns the core of a task id. */
  public int coreOf(long taskId) {
    return (int) Long.remainderUnsigned(mapping.apply(taskId), cores);
  }

  /** Returns the header for logs of this configuration. */
  public EvidenceHeader header() {
    EvidenceHeader header =
        EvidenceHeader.of(RULES, Hash256.ZERO, seed)
            .withRuntime(cores, quantum, mapping.label(), "", initialClock.bits());
    for (Map.Entry<String, String> attribute : attributes().entrySet()) {
      header = header.withAttribute(attribute.getKey(), attribute.getValue());
    }
    return header;
  }

  /** Reads a header; throws {@code IllegalArgumentException} if a setting is missing or wrong. */
  public static SchedulerConfig from(EvidenceHeader header) {
    String rules = attribute(header, "rules");
    if (!rules.equals(RULES)) {
      throw new IllegalArgumentException("rules are '" + rules + "'; " + RULES + " is accepted");
    }
    return new SchedulerConfig(
        header.cores(),
        (int) Math.min(Integer.MAX_VALUE, header.quantum()),
        Mapping.parse(header.mapping()),
        header.seed(),
        Timestamp.of(header.initialClock()),
        number(header, "queueCapacity"),
        number(header, "orderedCapacity"),
        number(header, "effectLimit"),
        number(header, "starvationBound"),
        number(header, "stateCapacity"));
  }

  void requireDescribedBy(EvidenceHeader found) {
    List<HeaderDifference> differences =
        header().differencesFrom(found).stream().filter(SchedulerConfig::isOurs).toList();
    if (!differences.isEmpty()) {
      throw new EvidenceException.Mismatch(differences);
    }
  }

  private static boolean isOurs(HeaderDifference difference) {
    String field = difference.field();
    boolean foreign =
        field.startsWith("attributes.") && !field.startsWith("attributes." + name(""));
    return !foreign && !field.equals("libraryVersion") && !field.equals("configHash");
  }

  private Map<String, String> attributes() {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put(name("rules"), RULES);
    attributes.put(name("queueCapacity"), Integer.toString(queueCapacity));
    attributes.put(name("orderedCapacity"), Integer.toString(orderedCapacity));
    attributes.put(name("effectLimit"), Integer.toString(effectLimit));
    attributes.put(name("starvationBound"), Integer.toString(starvationBound));
    attributes.put(name("stateCapacity"), Integer.toString(stateCapacity));
    return attributes;
  }

  private static String name(String setting) {
    return "deterministic." + setting;
  }

  private static String attribute(EvidenceHeader header, String setting) {
    String value = header.attributes().get(name(setting));
    if (value == null) {
      throw new IllegalArgumentException("the header lacks " + name(setting));
    }
    return value;
  }

  private static int number(EvidenceHeader header, String setting) {
    return SettingNames.number(attribute(header, setting), name(setting));
  }

  private static void check(List<String> wrong, String what, int value, int least, int most) {
    if (value < least || value > most) {
      wrong.add(what + " is " + value + "; " + least + " to " + most + " is accepted");
    }
  }

  /** Collects settings, whose ranges {@link #build} checks. Not thread-safe. */
  public static final class Builder {
    private final int cores;
    private int quantum = DEFAULT_QUANTUM;
    private Mapping mapping = Mapping.MODULO;
    private long seed;
    private Timestamp initialClock = Timestamp.ZERO;
    private int queueCapacity = DEFAULT_QUEUE_CAPACITY;
    private int orderedCapacity = DEFAULT_ORDERED_CAPACITY;
    private int effectLimit = DEFAULT_EFFECT_LIMIT;
    private int starvationBound = DEFAULT_STARVATION_BOUND;
    private int stateCapacity = DEFAULT_STATE_CAPACITY;

    private Builder(int cores) {
      this.cores = cores;
    }

    /** Sets the tasks per core and round, 1 to 1,000,000; {@value #DEFAULT_QUANTUM} by default. */
    public Builder quantum(int tasks) {
      this.quantum = tasks;
      return this;
    }

    /** Sets the mapping; {@link Mapping#MODULO} by default. */
    public Builder mapping(Mapping choice) {
      this.mapping = choice;
      return this;
    }

    /** Sets the seed of {@link TaskContext#draw}, any value; 0 by default. */
    public Builder seed(long value) {
      this.seed = value;
      return this;
    }

    /** Sets the initial clock; 0 by default. */
    public Builder initialClock(Timestamp start) {
      this.initialClock = start;
      return this;
    }

    /** Sets a core's queued tasks, 1 to 1,000,000; {@value #DEFAULT_QUEUE_CAPACITY} by default. */
    public Builder queueCapacity(int tasks) {
      this.queueCapacity = tasks;
      return this;
    }

    /** Sets the tasks that may wait for a timestamp, 1 to 1,000,000; 4096 by default. */
    public Builder orderedCapacity(int tasks) {
      this.orderedCapacity = tasks;
      return this;
    }

    /** Sets emissions plus writes, 0 to 65,536; {@value #DEFAULT_EFFECT_LIMIT} by default. */
    public Builder effectLimit(int effects) {
      this.effectLimit = effects;
      return this;
    }

    /** Sets the starvation bound, 1 to 1,000,000; {@value #DEFAULT_STARVATION_BOUND} by default. */
    public Builder starvationBound(int picks) {
      this.starvationBound = picks;
      return this;
    }

    /** Sets the names in the state, 0 to 1,000,000; {@value #DEFAULT_STATE_CAPACITY} by default. */
    public Builder stateCapacity(int names) {
      this.stateCapacity = names;
      return this;
    }

    /** Creates the configuration; {@code IllegalArgumentException} names values out of range. */
    public SchedulerConfig build() {
      return new SchedulerConfig(
          cores,
          quantum,
          mapping,
          seed,
          initialClock,
          queueCapacity,
          orderedCapacity,
          effectLimit,
          starvationBound,
          stateCapacity);
    }
  }

  /** The function from a task id to the number whose remainder is its core. */
  public enum Mapping {
    /** The id itself; for a power of two of cores this is the published bit mask. */
    MODULO,
    /** A mixture of the id, which spreads ids of one residue over the cores. */
    MIXING;

    long apply(long taskId) {
      return this == MODULO ? taskId : Mix.mix(taskId);
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Mapping parse(String label) {
      return SettingNames.parse(label, values(), Mapping::label, "mapping");
    }
  }

  /** The start of a run beside its inputs: any seed, the initial clock, and 1 to 256 cores. */
  public record ReplaySeed(long seed, Timestamp initialTimestamp, int cores) {
    /** Throws {@code IllegalArgumentException} if {@code cores} is out of range. */
    public ReplaySeed {
      Objects.requireNonNull(initialTimestamp, "initialTimestamp");
      Bounds.between(cores, 1, SchedulerConfig.MAX_CORES, "cores");
    }
  }
}
