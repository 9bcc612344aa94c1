package dev.stowage.config;

import dev.stowage.config.PlacementConfig.RuleSetting;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Worker;
import dev.stowage.shape.Unit;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A rule or a circumstance: why an action is taken, a floor is short, a replica is stuck, or a
 * worker is given no replica of a chunk. Each value has a sentence for those of the four that it
 * explains. Rules come in the order in which they are asked.
 */
public enum Reason {
  /** The chunk has fewer replicas than its floor. */
  BELOW_FLOOR(Sentences.ofAction("it has fewer replicas than its floor")),
  /** The chunk has fewer replicas than its weight has earned. */
  BELOW_TARGET(Sentences.ofAction("its weight has earned more replicas")),
  /** The chunk has more replicas than its weight earns. */
  ABOVE_TARGET(Sentences.ofAction("its weight earns fewer replicas")),
  /** The worker is leaving. */
  WORKER_LEAVING(Sentences.ofAction("the worker it was on is leaving")),
  /** The worker departed. */
  DEPARTED(Sentences.ofWorkers("departed", "departed")),
  /** The worker is cordoned, leaving or suspect. */
  STATUS(
      Sentences.ofWorkers(
          "takes nothing new (cordoned, leaving or suspect)",
          "take nothing new (cordoned, leaving or suspect)")),
  /** The worker takes over the copies of another one. */
  TAKES_OVER(
      Sentences.ofAction("one of its workers replaces another one")
          .andWorkers(
              "takes only the copies of the worker that it replaces",
              "take only the copies of the workers that they replace")),
  /** The worker is avoided. */
  AVOIDED(Sentences.ofWorkers("is avoided", "are avoided")),
  /** The worker may not hold the chunk: its version or its labels. */
  NOT_ELIGIBLE(
      Sentences.ofAction("the worker it was on may no longer hold it")
          .andWorkers(
              "lacks the version or a label it asks for",
              "lack the version or a label it asks for")),
  /** The operator banned the pair. */
  BANNED(
      Sentences.ofAction("the worker it was on is banned for it")
          .andWorkers("is banned for it", "are banned for it")),
  /** The worker has a dataset that the chunk's is kept apart from. */
  KEEP_APART(KeepApart.RULE),
  /** The chunk is larger than the worker, or than any worker that may hold it. */
  LARGER_THAN_ANY_WORKER(
      Sentences.ofWorkers("is smaller than it", "are smaller than it")
          .andShortage("it is larger than any worker that may hold it")),
  /** The worker holds more than its capacity. */
  OVER_CAPACITY(Sentences.ofAction("the worker it was on holds more than its capacity")),
  /** One domain has as many replicas of the chunk as {@code max_per_domain} allows, or more. */
  DOMAIN_LIMIT(
      Sentences.ofAction("more of its replicas lay in one domain than max_per_domain allows")
          .andShortage(
              "max_per_domain allows fewer replicas than its floor on the workers that may hold it")
          .andStuck(
              "every worker that may hold it lies in a domain that has its max_per_domain of it")
          .andWorkers(
              "lies in a domain that has its max_per_domain of it",
              "lie in domains that have their max_per_domain of it")),
  /** The rebalancer's intent. */
  INTENT(Sentences.ofAction("the rebalancer asked for it")),
  /** The operator pinned the chunk to the worker. */
  PIN(Sentences.ofAction("it is pinned to a worker").andStuck("it is pinned there")),
  /** The chunk's replicas lie in fewer zones than they should. */
  TOO_FEW_ZONES(Sentences.ofAction("its replicas lie in too few zones")),
  /** One of the two workers is farther from the water level than the slack allows. */
  OFF_LEVEL(Sentences.ofAction("one of the two workers lies too far from the water level")),
  /** Makes room for a floor that found none. */
  MAKES_ROOM(Sentences.ofAction("it makes room for a floor that found none")),
  /** The replica's worker has been missing its bytes for too long. */
  GIVEN_UP(Sentences.ofAction("its worker has been missing the bytes for too long")),
  /** Preempted: superseded or draining, and no portal may ask for it any more. */
  UNREADABLE_LEFTOVER(
      Sentences.ofAction("it was superseded or draining, and no portal can read it")),
  /** Preempted: a bonus replica that no portal may ask for. */
  UNREADABLE_BONUS(Sentences.ofAction("it is above the floor, and no portal can read it")),
  /** Preempted as a last resort: a portal may still ask for it. */
  READABLE(Sentences.ofAction("only readable replicas could make room: the last resort")),

  /** The fleet is frozen. */
  FROZEN(Sentences.ofStuck("the fleet is frozen: nothing moves")),
  /** Fewer workers may hold the chunk than its floor, or no other may. */
  TOO_FEW_WORKERS(
      Sentences.ofStuck("no active worker without a replica of it may hold it")
          .andShortage("fewer active workers may hold it than its floor")),
  /** The workers that may hold it have no room, and nothing on them may be dropped or moved. */
  NO_ROOM(
      Sentences.ofWorkers("has no room for it", "have no room for it")
          .andShortage("no room is left on the workers that may hold it, and nothing may give way")
          .andStuck(
              "no worker that may take it has room, even once draining replicas are gone, and no"
                  + " moves that make room were found")),
  /** The worker holds as many replicas as its {@code max_replicas}. */
  MAX_REPLICAS(Sentences.ofWorkers("holds its max_replicas", "hold their max_replicas")),
  /** The worker has its {@code new_share} of the new chunks of the dataset. */
  NEW_SHARE(
      Sentences.ofWorkers(
          "has its new_share of its dataset's new chunks",
          "have their new_share of its dataset's new chunks")),
  /** The new side of the chunk's swap did not fit as a whole. */
  SWAP_INCOMPLETE(Sentences.ofShortage("not all chunks of its swap's new side find room")),
  /** The chunk's swap waits for a swap that is not placed. */
  SWAP_WAITS(Sentences.ofShortage("its swap waits for another swap that is not placed yet"));

  /** The reasons that are a rule of their own, in the order in which they are asked. */
  public static final List<Reason> OF_RULES =
      Arrays.stream(values()).filter(each -> each.rule != null).toList();

  @SuppressWarnings("ImmutableEnumChecker") // it is immutable
  private final Sentences sentences;

  @SuppressWarnings("ImmutableEnumChecker") // rules are stateless
  private final @Nullable MaskRule rule;

  Reason(Sentences sentences) {
    this.sentences = sentences;
    rule = null;
  }

  Reason(MaskRule rule) {
    sentences = rule.sentences();
    this.rule = rule;
  }

  /** Returns the rule that this reason names, or null if it names a circumstance. */
  public @Nullable MaskRule rule() {
    return rule;
  }

  /** Returns the reason in words; a replica's action, a shortage and so on have their own. */
  public Sentences inWords() {
    return sentences;
  }

  /** Returns why a replica is stuck, with the numbers of a plan's {@code Stuck}. */
  public String inWordsOfStuck(int eligibleWorkers, long mostRoomBytes) {
    return sentences.whyStuck()
        + " ("
        + word()
        + "); "
        + eligibleWorkers
        + (eligibleWorkers == 1 ? " other worker" : " other workers")
        + " may take it, the most room on one is "
        + Unit.BYTES.print(mostRoomBytes);
  }

  /** Returns the name in lower case, as explanations and files show it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * A hard rule about datasets and workers that is fixed while one plan is made. It splits chunks
   * into pools by a key, and refuses workers to pools once for each plan, so that every phase asks
   * it with one access to an array. A constant of {@link dev.stowage.config.Reason} registers it.
   * Stateless: everything comes from the configuration and the census.
   */
  public interface MaskRule {
    /** Returns its setting, of a name that is unique among rules. */
    RuleSetting<?> setting();

    /** Returns why a replica leaves or is stuck, a floor is short, and workers are refused. */
    Sentences sentences();

    /** Returns the key of the chunks of a dataset, or null if the rule does not concern them. */
    @Nullable String key(PlacementConfig config, DatasetId dataset);

    /**
     * Refuses workers to the pools of this rule's keys ({@link Census#pools}). A refused worker is
     * given no replica of the pool, and those it has leave it.
     */
    void mark(PlacementConfig config, Census census);

    /**
     * Judges one replica in the slow and obvious form, for the commit, audits and models: reports
     * whether a worker that has no replica of a dataset must not be given one.
     */
    boolean isBroken(PlacementConfig config, DatasetId dataset, Holdings worker);

    /**
     * Reports whether a plan may refuse what {@link #isBroken} permits, because it weighs other
     * workers and chunks too.
     */
    boolean mayRefuse(PlacementConfig config, DatasetId dataset, Holdings worker);

    /** A worker, and whether it has a replica of a dataset in any state. */
    record Holdings(Worker worker, Predicate<DatasetId> hasAny) {
      /** Reports whether the worker has a replica of a dataset. */
      public boolean hasAny(DatasetId dataset) {
        return hasAny.test(dataset);
      }
    }
  }

  /** Shows a {@link MaskRule} a fleet: its workers, and the pools with a key of the rule. */
  public interface Census {
    /** Returns the workers in canonical order. */
    int[] workers();

    /** Reports whether a worker may be given replicas at all. */
    boolean isPlaceable(int worker);

    /** Returns what a worker was described as. */
    Worker worker(int worker);

    /** Returns the number of a worker's zone, from 0. */
    int zone(int worker);

    /** Returns the number of zones, 1 if they do not matter. */
    int zones();

    /** Returns the pools in canonical order. */
    List<KeyedPool> pools();

    /** The chunks of one key and constraint. */
    interface KeyedPool {
      String key();

      /** Reports whether the constraint admits a worker, whatever its status. */
      boolean admits(int worker);

      /** Returns the largest floor of its chunks, 0 without any. */
      int floor();

      /** Returns the sum of size times floor, in bytes. */
      BigInteger floorBytes();

      /** Returns the sum of size times weight, in bytes. */
      BigInteger weightedBytes();

      /** Returns the number of replicas on a worker, in any state. */
      int copies(int worker);

      /** Returns the bytes of wanted replicas on a worker. */
      long wantedBytes(int worker);

      /** Refuses a worker: it may be given no replica, and keeps none. */
      void refuse(int worker);
    }
  }

  /**
   * The sentences of a {@link Reason}. Each continues a text about a chunk, "it". Immutable.
   * Methods throw {@code NullPointerException} if the reason never explains what they ask about.
   */
  public static final class Sentences {
    private final @Nullable String action;
    private final @Nullable String shortage;
    private final @Nullable String stuck;
    private final @Nullable String worker;
    private final @Nullable String workers;

    private Sentences(
        @Nullable String action,
        @Nullable String shortage,
        @Nullable String stuck,
        @Nullable String worker,
        @Nullable String workers) {
      this.action = action;
      this.shortage = shortage;
      this.stuck = stuck;
      this.worker = worker;
      this.workers = workers;
    }

    /** Begins with why an action is taken. */
    public static Sentences ofAction(String why) {
      return new Sentences(why, null, null, null, null);
    }

    /** Begins with why a floor is short. */
    public static Sentences ofShortage(String why) {
      return new Sentences(null, why, null, null, null);
    }

    /** Begins with why a replica is stuck. */
    public static Sentences ofStuck(String why) {
      return new Sentences(null, null, why, null, null);
    }

    /** Begins with why one worker, or more, are given no replica. */
    public static Sentences ofWorkers(String one, String many) {
      return new Sentences(null, null, null, one, many);
    }

    /** Adds why a floor is short. */
    public Sentences andShortage(String why) {
      return new Sentences(action, why, stuck, worker, workers);
    }

    /** Adds why a replica is stuck. */
    public Sentences andStuck(String why) {
      return new Sentences(action, shortage, why, worker, workers);
    }

    /** Adds why one worker, or more, are given no replica. */
    public Sentences andWorkers(String one, String many) {
      return new Sentences(action, shortage, stuck, one, many);
    }

    /** Returns why an action is taken. */
    public String whyTaken() {
      return Objects.requireNonNull(action, "action");
    }

    /** Returns why a floor is short. */
    public String whyShort() {
      return Objects.requireNonNull(shortage, "shortage");
    }

    /** Returns why a replica is stuck. */
    public String whyStuck() {
      return Objects.requireNonNull(stuck, "stuck");
    }

    /** Returns why workers of this number are given no replica, to follow their names. */
    public String whyNotOn(int count) {
      return Objects.requireNonNull(count == 1 ? worker : workers, "workers");
    }
  }
}
