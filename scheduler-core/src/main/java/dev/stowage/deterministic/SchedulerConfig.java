package dev.stowage.deterministic;

import dev.stowage.columns.Mix;
import dev.stowage.deterministic.basics.Bounds;
import dev.stowage.deterministic.basics.SettingNames;
import dev.stowage.deterministic.queues.OrderedQueue;
import dev.stowage.deterministic.queues.Timestamp;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceHeader.HeaderDifference;
import dev.stowage.evidence.Hash256;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Everything that decides what a scheduler logs, apart from its inputs. Goes into the header of the
 * log, so two logs of different configurations never compare equal by accident.
 *
 * @param cores logical cores, 1 to 256, any integer
 * @param quantum tasks that a core runs in a round, 1 to 1,000,000
 * @param mapping how a task id is turned into a number
 * @param topology how that number is turned into a core
 * @param seed what {@link TaskContext#draw} derives from; any
 * @param initialClock where the logical clock begins
 * @param queueCapacity tasks that one core's queue holds, exactly, 1 to 1,000,000
 * @param orderedCapacity tasks that wait for their timestamp at most, 1 to 1,000,000
 * @param effectLimit emissions and writes of one task together, 0 to 65,536
 * @param starvationBound higher picks in a row while lower tasks wait, 1 to 1,000,000
 * @param stateCapacity names in the shared state, 0 to 1,000,000
 * @param stealing whether idle cores take work
 */
public record SchedulerConfig(
    int cores,
    int quantum,
    Mapping mapping,
    Topology topology,
    long seed,
    Timestamp initialClock,
    int queueCapacity,
    int orderedCapacity,
    int effectLimit,
    int starvationBound,
    int stateCapacity,
    Stealing stealing) {
  /** Most cores. */
  public static final int MAX_CORES = 256;

  /** Default of {@link #quantum}. */
  public static final int DEFAULT_QUANTUM = 64;

  /** Default of {@link #queueCapacity}. */
  public static final int DEFAULT_QUEUE_CAPACITY = 1024;

  /** Default of {@link #orderedCapacity}. */
  public static final int DEFAULT_ORDERED_CAPACITY = OrderedQueue.DEFAULT_CAPACITY;

  /** Default of {@link #effectLimit}. */
  public static final int DEFAULT_EFFECT_LIMIT = 64;

  /** Default of {@link #starvationBound}. */
  public static final int DEFAULT_STARVATION_BOUND = 16;

  /** Default of {@link #stateCapacity}. */
  public static final int DEFAULT_STATE_CAPACITY = 4096;

  /** Names the rules of this package in a log's header; another number means other logs. */
  static final String RULES = "deterministic-1";

  private static final int MILLION = 1_000_000;
  private static final int MOST_EFFECTS = 1 << 16;

  /** Refuses values out of range with one {@link IllegalArgumentException} that names them all. */
  public SchedulerConfig {
    List<String> wrong = new ArrayList<>();
    check(wrong, "cores", cores, 1, MAX_CORES);
    check(wrong, "quantum", quantum, 1, MILLION);
    check(wrong, "queueCapacity", queueCapacity, 1, MILLION);
    check(wrong, "orderedCapacity", orderedCapacity, 1, MILLION);
    check(wrong, "effectLimit", effectLimit, 0, MOST_EFFECTS);
    check(wrong, "starvationBound", starvationBound, 1, MILLION);
    check(wrong, "stateCapacity", stateCapacity, 0, MILLION);
    if (!topology.fits(cores)) {
      wrong.add("topology " + topology.label() + " does not divide " + cores + " cores");
    }
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", wrong));
    }
  }

  /** That many cores, seed 0, clock 0, every other setting at its default. */
  public static SchedulerConfig ofCores(int cores) {
    return builder(cores).build();
  }

  /** Settings to change, beginning with the defaults. */
  public static Builder builder(int cores) {
    return new Builder(cores);
  }

  /** Seed, initial clock and cores. */
  public ReplaySeed replaySeed() {
    return new ReplaySeed(seed, initialClock, cores);
  }

  /** The core that a task id maps to. */
  public int coreOf(long taskId) {
    return topology.coreOf(mapping.apply(taskId), cores);
  }

  /** The header of this configuration's logs. */
  public EvidenceHeader header() {
    EvidenceHeader header =
        EvidenceHeader.of(RULES, Hash256.ZERO, seed)
            .withRuntime(cores, quantum, mapping.label(), topology.label(), initialClock.bits());
    for (Map.Entry<String, String> attribute : attributes().entrySet()) {
      header = header.withAttribute(attribute.getKey(), attribute.getValue());
    }
    return header;
  }

  /**
   * The configuration that a header describes. Attributes of others are ignored.
   *
   * @throws IllegalArgumentException if a setting is missing, unreadable or out of range
   */
  public static SchedulerConfig from(EvidenceHeader header) {
    String rules = attribute(header, "rules");
    if (!rules.equals(RULES)) {
      throw new IllegalArgumentException("rules are '" + rules + "'; " + RULES + " is accepted");
    }
    return new SchedulerConfig(
        header.cores(),
        (int) Math.min(Integer.MAX_VALUE, header.quantum()),
        Mapping.parse(header.mapping()),
        Topology.parse(header.topology()),
        header.seed(),
        Timestamp.of(header.initialClock()),
        number(header, "queueCapacity"),
        number(header, "orderedCapacity"),
        number(header, "effectLimit"),
        number(header, "starvationBound"),
        number(header, "stateCapacity"),
        Stealing.parse(attribute(header, "stealing")));
  }

  /** Refuses a header whose runtime differs; attributes of others do not matter. */
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
    attributes.put(name("stealing"), stealing.label());
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

  /** Settings of a configuration. Ranges are checked by {@link #build}. Not thread-safe. */
  public static final class Builder {
    private final int cores;
    private int quantum = DEFAULT_QUANTUM;
    private Mapping mapping = Mapping.MODULO;
    private Topology topology = Topology.flat();
    private long seed;
    private Timestamp initialClock = Timestamp.ZERO;
    private int queueCapacity = DEFAULT_QUEUE_CAPACITY;
    private int orderedCapacity = DEFAULT_ORDERED_CAPACITY;
    private int effectLimit = DEFAULT_EFFECT_LIMIT;
    private int starvationBound = DEFAULT_STARVATION_BOUND;
    private int stateCapacity = DEFAULT_STATE_CAPACITY;
    private Stealing stealing = Stealing.AT_BARRIER;

    private Builder(int cores) {
      this.cores = cores;
    }

    /** Tasks that a core runs in a round; {@value #DEFAULT_QUANTUM} unless set. */
    public Builder quantum(int tasks) {
      this.quantum = tasks;
      return this;
    }

    /** {@link Mapping#MODULO} unless set. */
    public Builder mapping(Mapping choice) {
      this.mapping = choice;
      return this;
    }

    /** {@link Topology.Flat} unless set. */
    public Builder topology(Topology choice) {
      this.topology = choice;
      return this;
    }

    /** 0 unless set. */
    public Builder seed(long value) {
      this.seed = value;
      return this;
    }

    /** 0 unless set. */
    public Builder initialClock(Timestamp start) {
      this.initialClock = start;
      return this;
    }

    /** Tasks in one core's queue; {@value #DEFAULT_QUEUE_CAPACITY} unless set. */
    public Builder queueCapacity(int tasks) {
      this.queueCapacity = tasks;
      return this;
    }

    /** Tasks waiting for their timestamp; 4096 unless set. */
    public Builder orderedCapacity(int tasks) {
      this.orderedCapacity = tasks;
      return this;
    }

    /** Emissions and writes of one task; {@value #DEFAULT_EFFECT_LIMIT} unless set. */
    public Builder effectLimit(int effects) {
      this.effectLimit = effects;
      return this;
    }

    /** Higher picks in a row; {@value #DEFAULT_STARVATION_BOUND} unless set. */
    public Builder starvationBound(int picks) {
      this.starvationBound = picks;
      return this;
    }

    /** Names in the shared state; {@value #DEFAULT_STATE_CAPACITY} unless set. */
    public Builder stateCapacity(int names) {
      this.stateCapacity = names;
      return this;
    }

    /** {@link Stealing#AT_BARRIER} unless set. */
    public Builder stealing(Stealing choice) {
      this.stealing = choice;
      return this;
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException naming every value out of range
     */
    public SchedulerConfig build() {
      return new SchedulerConfig(
          cores,
          quantum,
          mapping,
          topology,
          seed,
          initialClock,
          queueCapacity,
          orderedCapacity,
          effectLimit,
          starvationBound,
          stateCapacity,
          stealing);
    }
  }

  /** How a task id becomes the number that the topology turns into a core. */
  public enum Mapping {
    /** The id itself. For a power of two of cores this is the published bit mask. */
    MODULO,
    /** The id mixed first, so that ids of one residue do not meet on one core. */
    MIXING;

    long apply(long taskId) {
      return this == MODULO ? taskId : Mix.mix(taskId);
    }

    /** The name in a log's header. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Mapping parse(String label) {
      return SettingNames.parse(label, values(), Mapping::label, "mapping");
    }
  }

  /**
   * What a run starts from, beside its inputs.
   *
   * @param seed what tasks draw numbers from; any
   * @param initialTimestamp where the clock begins
   * @param cores 1 to 256
   */
  public record ReplaySeed(long seed, Timestamp initialTimestamp, int cores) {
    /** Refuses cores out of range with {@link IllegalArgumentException}. */
    public ReplaySeed {
      Objects.requireNonNull(initialTimestamp, "initialTimestamp");
      Bounds.between(cores, 1, SchedulerConfig.MAX_CORES, "cores");
    }
  }

  /**
   * Decides whether a round goes on waiting for a task. This is the host's seam: the library has no
   * clock, so the host measures with its own. What it decides is recorded as an input, so a replay
   * fails the same task at the same place without running it.
   *
   * <p>With a policy other than {@link #NEVER} the calling thread runs no task itself. It asks
   * again and again while tasks run, first every few microseconds, then about every millisecond.
   */
  @FunctionalInterface
  public interface StallPolicy {
    /** Waits for ever. */
    StallPolicy NEVER = running -> false;

    /**
     * Whether to give up this task: it fails as {@link SchedulerEvent.Failure#BLOCKED}, its thread
     * is interrupted, and its core stops for this round. Called on the driving thread.
     */
    boolean abandons(Running running);

    /**
     * A task that has not returned yet.
     *
     * @param round the round's number
     * @param core the core that runs it
     * @param taskId unsigned
     * @param timesAsked how often the policy was asked about it before
     */
    record Running(long round, int core, long taskId, long timesAsked) {}
  }

  /** Whether idle cores take work from loaded ones. */
  public enum Stealing {
    /** Never: a task runs on the core its id maps to. */
    OFF,
    /** At the barrier of each round, from the queues as they stand there. */
    AT_BARRIER;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Stealing parse(String label) {
      return SettingNames.parse(label, values(), Stealing::label, "stealing");
    }
  }
}
