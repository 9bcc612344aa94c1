package dev.stowage.rebalance;

import dev.stowage.columns.Micros;
import dev.stowage.model.StowageOption;
import dev.stowage.rebalance.PlacementScorer.MigrationCost;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.time.Duration;
import java.util.Objects;

/**
 * The thresholds and bounds of moves. Immutable.
 *
 * @param scoreFloor the score below which a holder may be left, 0 to 1
 * @param hysteresisGap the gain to exceed, 0 to 1; doubled for a way back within two cooldowns
 * @param cooldown the rest of a chunk after a move, above zero
 * @param decisionInterval the age at which samples are renewed and unfollowed intents end, above
 *     zero
 * @param costModel the cost of a move
 * @param budget the bounds of moves under way
 * @param observe whether it only judges, and asks for no move
 * @param byPressure whether the pressure of workers scores them until a scorer is installed
 */
public record RebalanceConfig(
    double scoreFloor,
    double hysteresisGap,
    @Declare(form = "TIME", forms = RebalanceConfig.class) Duration cooldown,
    @Declare(form = "TIME", forms = RebalanceConfig.class) Duration decisionInterval,
    @Declare(or = "DEFAULT") MigrationCostModel costModel,
    @Declare(or = "DEFAULT") MoveBudget budget,
    boolean observe,
    boolean byPressure)
    implements StowageOption {
  /** The number of reversals after which a chunk is pinned. */
  public static final int MOST_REVERSALS = 3;

  /** The cooldowns for which a chunk is pinned and its moves are remembered. */
  public static final int PINNED_COOLDOWNS = 10;

  static final Form<Duration> TIME = Forms.text(Duration::parse, Duration::toString);

  /** The settings. */
  static final Shape<RebalanceConfig> SHAPE =
      Shape.derived(
          "rebalance_config",
          RebalanceConfig.class,
          row -> {
            row.number("score_floor").realBetween(0, 1).orElseReal(0.5);
            row.number("hysteresis_gap").realBetween(0, 1).orElseReal(0.2);
            aboveZero(row.value("cooldown"), Duration.ofMinutes(5));
            aboveZero(row.value("decision_interval"), Duration.ofSeconds(30));
          });

  private static final RebalanceConfig DEFAULT = SHAPE.make(SHAPE.values());

  /** Throws {@link IllegalArgumentException} naming every violated bound. */
  public RebalanceConfig(
      double scoreFloor,
      double hysteresisGap,
      Duration cooldown,
      Duration decisionInterval,
      MigrationCostModel costModel,
      MoveBudget budget,
      boolean observe,
      boolean byPressure) {
    this.scoreFloor = scoreFloor;
    this.hysteresisGap = hysteresisGap;
    this.cooldown = Objects.requireNonNull(cooldown, "cooldown");
    this.decisionInterval = Objects.requireNonNull(decisionInterval, "decisionInterval");
    this.costModel = Objects.requireNonNull(costModel, "costModel");
    this.budget = Objects.requireNonNull(budget, "budget");
    this.observe = observe;
    this.byPressure = byPressure;
    SHAPE.checked(this);
  }

  private static void aboveZero(ValueField<RebalanceConfig, Duration> field, Duration usual) {
    field.must("above zero", time -> !time.isNegative() && !time.isZero()).orElse(usual);
  }

  /** Returns the defaults. */
  public static RebalanceConfig defaults() {
    return DEFAULT;
  }

  /** Returns this configuration with another floor and gap. */
  public RebalanceConfig withThresholds(double floor, double gap) {
    return SHAPE.draft(this).with("score_floor", floor).with("hysteresis_gap", gap).row();
  }

  /** Returns this configuration with another cooldown and decision interval. */
  public RebalanceConfig withTimes(Duration rest, Duration interval) {
    return SHAPE.draft(this).with("cooldown", rest).with("decision_interval", interval).row();
  }

  /** Returns this configuration, which only judges: a verdict names the move, and none begins. */
  public RebalanceConfig observing() {
    return SHAPE.with(this, "observe", true);
  }

  /**
   * Returns this configuration with or without a scorer in service from the start that leaves
   * workers under high or critical pressure for normal ones. The host may install another one.
   */
  public RebalanceConfig withPressureScorer(boolean isInService) {
    return SHAPE.with(this, "by_pressure", isInService);
  }

  /** Returns this configuration with another cost model. */
  public RebalanceConfig withCostModel(MigrationCostModel model) {
    return SHAPE.with(this, "cost_model", model);
  }

  /** Returns this configuration with another budget. */
  public RebalanceConfig withBudget(MoveBudget other) {
    return SHAPE.with(this, "budget", other);
  }

  /**
   * The bounds of moves under way; a chunk has at most one.
   *
   * @param inFlight moves in all, at least 1
   * @param intoWorker moves into one worker, at least 1
   * @param offWorker moves off one worker, at least 1
   * @param bytesPerSecond bytes of moves begun per second, at least 1
   * @param burstBytes bytes that may begin at once, at least 1; a larger move waits for all of them
   *     and is paid by later ones
   */
  public record MoveBudget(
      @Declare(least = 1, orElse = 16) int inFlight,
      @Declare(least = 1, orElse = 2) int intoWorker,
      @Declare(least = 1, orElse = 2) int offWorker,
      @Declare(least = 1, word = "unlimited", orElse = Long.MAX_VALUE) long bytesPerSecond,
      @Declare(least = 1, word = "unlimited", orElse = Long.MAX_VALUE) long burstBytes) {
    static final Shape<MoveBudget> SHAPE = Shape.derived("move_budget", MoveBudget.class);

    /** The defaults: 16 moves in all, 2 into and 2 off a worker, any bytes. */
    public static final MoveBudget DEFAULT = SHAPE.make(SHAPE.values());

    /** Throws {@link IllegalArgumentException} naming each bound below 1. */
    public MoveBudget(
        int inFlight, int intoWorker, int offWorker, long bytesPerSecond, long burstBytes) {
      this.inFlight = inFlight;
      this.intoWorker = intoWorker;
      this.offWorker = offWorker;
      this.bytesPerSecond = bytesPerSecond;
      this.burstBytes = burstBytes;
      SHAPE.checked(this);
    }

    /** Returns this budget with other bounds of bytes. */
    public MoveBudget withBytes(long perSecond, long burst) {
      return new MoveBudget(inFlight, intoWorker, offWorker, perSecond, burst);
    }

    /** Returns this budget with other bounds of moves: in all, into one worker, off one worker. */
    public MoveBudget withMoves(int inAll, int into, int off) {
      return new MoveBudget(inAll, into, off, bytesPerSecond, burstBytes);
    }
  }

  /**
   * Converts a cost to points: {@code costPerSecond x (transfer + disruption) x weight + costPerGib
   * x GiB}, weight being the reliability factor if finite and above 0, else 1 (rebalance design,
   * section 4).
   *
   * @param costPerSecond points per second, finite, at least 0
   * @param costPerGib points per gibibyte, finite, at least 0
   */
  public record MigrationCostModel(double costPerSecond, double costPerGib) {
    static final Shape<MigrationCostModel> SHAPE =
        Shape.derived(
            "migration_cost",
            MigrationCostModel.class,
            row -> {
              row.number("cost_per_second").realBetween(0, Double.MAX_VALUE).orElseReal(0.1);
              row.number("cost_per_gib").realBetween(0, Double.MAX_VALUE).orElseReal(0);
            });

    /** The defaults: 0.1 points per second, nothing per byte. */
    public static final MigrationCostModel DEFAULT = SHAPE.make(SHAPE.values());

    private static final double BYTES_PER_GIB = 1L << 30;
    private static final long MOST_MICROS = Long.MAX_VALUE / 4;

    /**
     * Throws {@link IllegalArgumentException} naming each factor that is negative or not finite.
     */
    public MigrationCostModel(double costPerSecond, double costPerGib) {
      this.costPerSecond = costPerSecond;
      this.costPerGib = costPerGib;
      SHAPE.checked(this);
    }

    /** Returns the points of a cost in micro-points, at least 0, saturated. */
    public long micros(MigrationCost cost) {
      double factor = cost.reliabilityFactor();
      double weight = Double.isFinite(factor) && factor > 0 ? factor : 1;
      double seconds = seconds(cost.stateTransfer()) + seconds(cost.disruption());
      return bounded(costPerSecond * seconds * weight) + microsOfBytes(cost.bandwidthBytes());
    }

    /** Returns the points of bytes alone in micro-points, saturated. */
    public long microsOfBytes(long bytes) {
      return bounded(costPerGib * (bytes / BYTES_PER_GIB));
    }

    private static long bounded(double points) {
      return Math.min(MOST_MICROS, Math.round(points * Micros.PER_POINT));
    }

    private static double seconds(Duration duration) {
      return duration.getSeconds() + duration.getNano() / 1e9;
    }
  }
}
