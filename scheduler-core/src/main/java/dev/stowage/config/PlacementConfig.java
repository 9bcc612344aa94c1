package dev.stowage.config;

import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import dev.stowage.shape.Values;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The planner's configuration, with fractions in millionths, so that decisions are exact. {@link
 * #SHAPE} declares bounds and defaults; the builder explains the components.
 */
public record PlacementConfig(
    int saturationMillionths,
    Spread spread,
    int balanceSlackMillionths,
    FactorMode factorMode,
    int factorMarginMillionths,
    MovementBudget budget,
    SortedMap<Integer, Integer> maxPerDomain,
    Map<RuleSetting<?>, Object> ofRules) {
  /** The highest number of a level that can be limited. */
  public static final int MOST_LEVELS = 64;

  /** One whole, in millionths. */
  public static final int ONE = 1_000_000;

  private static final Pattern LIMIT = Pattern.compile("([0-9]+):([0-9]+)");
  private static final String LIMITS =
      "none, or a count of at least 1 for levels from 1 to " + MOST_LEVELS + " as in {1:2,3:1}";

  private static final Shape.Builder<PlacementConfig> FIELDS = Shape.named("placement");

  private static final NumberField<PlacementConfig> SATURATION =
      FIELDS
          .number("saturation_millionths", PlacementConfig::saturationMillionths)
          .narrow()
          .between(1, ONE)
          .orElse(950_000)
          .means("share of the fleet's bytes that earned copies may fill");
  private static final ValueField<PlacementConfig, Spread> SPREAD =
      FIELDS
          .oneOf("spread", Spread.class, PlacementConfig::spread)
          .orElse(Spread.ZONE)
          .means(
              "a floor lies in as many zones as it can, of each level, outermost"
                  + " first; or only on distinct workers");
  private static final NumberField<PlacementConfig> BALANCE_SLACK =
      FIELDS
          .number("balance_slack_millionths", PlacementConfig::balanceSlackMillionths)
          .narrow()
          .between(0, 1_000 * ONE)
          .orElse(10_000)
          .means("how far from the level a worker may lie, as a share of it");
  private static final ValueField<PlacementConfig, FactorMode> FACTORS =
      FIELDS
          .oneOf("factors", FactorMode.class, PlacementConfig::factorMode)
          .orElse(FactorMode.WHOLE)
          .means("whole or smooth replication factors");
  private static final NumberField<PlacementConfig> FACTOR_MARGIN =
      FIELDS
          .number("factor_margin_millionths", PlacementConfig::factorMarginMillionths)
          .narrow()
          .between(0, 1_000 * ONE)
          .orElse(20_000)
          .means("how far past a step a factor must be before it rises");
  private static final ValueField<PlacementConfig, MovementBudget> BUDGET =
      FIELDS
          .nested("budget", PlacementConfig::budget, MovementBudget.SHAPE)
          .orElse(MovementBudget.UNLIMITED);

  private static final ValueField<PlacementConfig, SortedMap<Integer, Integer>> MAX_PER_DOMAIN =
      FIELDS
          .value(
              "max_per_domain",
              PlacementConfig::maxPerDomain,
              Forms.text(PlacementConfig::limits, PlacementConfig::print))
          .must(LIMITS, PlacementConfig::isAccepted)
          .orElse(Collections.emptySortedMap())
          .means(
              "copies of one chunk that a failure domain may have, by level, 1 for"
                  + " the outermost");

  private static final Map<RuleSetting<?>, ValueField<PlacementConfig, ?>> OF_RULES = declared();

  /** The settings of the planner. */
  static final Shape<PlacementConfig> SHAPE =
      FIELDS.make(v ->
          new PlacementConfig(
              SATURATION.intOf(v),
              SPREAD.of(v),
              BALANCE_SLACK.intOf(v),
              FACTORS.of(v),
              FACTOR_MARGIN.intOf(v),
              BUDGET.of(v),
              MAX_PER_DOMAIN.of(v),
              ofRules(v)));

  private static final PlacementConfig DEFAULTS = SHAPE.make(SHAPE.values());

  private static Map<RuleSetting<?>, ValueField<PlacementConfig, ?>> declared() {
    Map<RuleSetting<?>, ValueField<PlacementConfig, ?>> all = new LinkedHashMap<>();
    for (Reason each : Reason.OF_RULES) {
      RuleSetting<?> setting = Objects.requireNonNull(each.rule()).setting();
      all.put(setting, declared(setting));
    }
    all.put(NewShare.FACTOR, declared(NewShare.FACTOR));
    return Collections.unmodifiableMap(all);
  }

  private static <V> ValueField<PlacementConfig, V> declared(RuleSetting<V> setting) {
    return FIELDS
        .value(setting.name(), (PlacementConfig config) -> config.of(setting), setting.form())
        .must(setting.accepted(), setting::isAccepted)
        .orElse(setting.byDefault())
        .means(setting.means());
  }

  private static Map<RuleSetting<?>, Object> ofRules(Values values) {
    Map<RuleSetting<?>, Object> all = new LinkedHashMap<>();
    OF_RULES.forEach((setting, field) -> all.put(setting, field.of(values)));
    return all;
  }

  private static SortedMap<Integer, Integer> limits(String text) {
    SortedMap<Integer, Integer> limits = new TreeMap<>();
    Matcher each = LIMIT.matcher(text);
    while (each.find()) {
      limits.put(Integer.parseInt(each.group(1)), Integer.parseInt(each.group(2)));
    }
    if (!print(limits).equals(text)) {
      throw new IllegalArgumentException(
          "max_per_domain is '" + text + "'; " + LIMITS + " is accepted");
    }
    return limits;
  }

  private static String print(SortedMap<Integer, Integer> limits) {
    return limits.isEmpty() ? "none" : limits.toString().replace('=', ':').replace(" ", "");
  }

  private static boolean isAccepted(SortedMap<Integer, Integer> limits) {
    return limits.isEmpty()
        || (limits.firstKey() >= 1
            && limits.lastKey() <= MOST_LEVELS
            && Collections.min(limits.values()) >= 1);
  }

  /**
   * Creates a configuration; {@code ofRules} has the values of settings of rules, and those left
   * out are the default. Throws {@code IllegalArgumentException} naming every bound of {@link
   * #SHAPE} violated.
   */
  public PlacementConfig(
      int saturationMillionths,
      Spread spread,
      int balanceSlackMillionths,
      FactorMode factorMode,
      int factorMarginMillionths,
      MovementBudget budget,
      SortedMap<Integer, Integer> maxPerDomain,
      Map<RuleSetting<?>, Object> ofRules) {
    this.saturationMillionths = saturationMillionths;
    this.spread = Objects.requireNonNull(spread, "spread");
    this.balanceSlackMillionths = balanceSlackMillionths;
    this.factorMode = Objects.requireNonNull(factorMode, "factorMode");
    this.factorMarginMillionths = factorMarginMillionths;
    this.budget = Objects.requireNonNull(budget, "budget");
    this.maxPerDomain = Collections.unmodifiableSortedMap(new TreeMap<>(maxPerDomain));
    Map<RuleSetting<?>, Object> set = new LinkedHashMap<>(ofRules);
    set.entrySet().removeIf(each -> each.getKey().byDefault().equals(each.getValue()));
    this.ofRules = Collections.unmodifiableMap(set);
    SHAPE.checked(this);
  }

  /** Returns the value of a setting that a rule declares. */
  @SuppressWarnings("unchecked") // the builder and the fields give each setting its own type
  public <V> V of(RuleSetting<V> setting) {
    return (V) ofRules.getOrDefault(setting, setting.byDefault());
  }

  /** Returns a builder that starts from the defaults. */
  public static Builder builder() {
    return DEFAULTS.toBuilder();
  }

  /** Returns the default configuration. */
  public static PlacementConfig defaults() {
    return DEFAULTS;
  }

  /** Returns a builder that starts from this configuration. */
  public Builder toBuilder() {
    return new Builder(SHAPE.values(this));
  }

  /** A builder of configurations. Not thread-safe. */
  public static final class Builder {
    private final Values values;

    private Builder(Values values) {
      this.values = values;
    }

    /**
     * Sets the share of the fleet's bytes for factors, above 0 and at most 1. Throws {@code
     * IllegalArgumentException} for NaN.
     */
    public Builder saturation(double share) {
      return millionths(SATURATION, share);
    }

    /** Sets the failure domains to spread over. */
    public Builder spread(Spread domains) {
      return set(SPREAD, domains);
    }

    /**
     * Sets the allowed distance from the water level as a share of the level, at least 0. Throws
     * {@code IllegalArgumentException} for NaN.
     */
    public Builder balanceSlack(double share) {
      return millionths(BALANCE_SLACK, share);
    }

    /** Sets whole or smooth factors. */
    public Builder factorMode(FactorMode mode) {
      return set(FACTORS, mode);
    }

    /**
     * Sets how far a share must pass a whole factor before the factor rises, at least 0. Throws
     * {@code IllegalArgumentException} for NaN.
     */
    public Builder factorMargin(double share) {
      return millionths(FACTOR_MARGIN, share);
    }

    /** Sets the movement budget of one plan. */
    public Builder budget(MovementBudget bounds) {
      return set(BUDGET, bounds);
    }

    /**
     * Sets the most replicas of one chunk per domain, at least 1, by level, 1 (outermost) to {@link
     * #MOST_LEVELS}.
     */
    public Builder maxPerDomain(Map<Integer, Integer> countByLevel) {
      return set(MAX_PER_DOMAIN, new TreeMap<>(countByLevel));
    }

    /** Sets a setting that a rule declares. */
    @SuppressWarnings("unchecked") // the field was declared with the setting's type
    public <V> Builder set(RuleSetting<V> setting, V value) {
      ValueField<PlacementConfig, V> field =
          (ValueField<PlacementConfig, V>) Objects.requireNonNull(OF_RULES.get(setting), "setting");
      return set(field, value);
    }

    private <V> Builder set(ValueField<PlacementConfig, V> field, V value) {
      field.set(values, Objects.requireNonNull(value, field.name()));
      return this;
    }

    private Builder millionths(NumberField<PlacementConfig> field, double share) {
      if (Double.isNaN(share)) {
        throw new IllegalArgumentException(field.word() + " is NaN; a number is accepted");
      }
      double exact = share * ONE; // a cast to int ends at the largest and the least int
      field.set(values, (int) (exact < 0 ? Math.floor(exact) : Math.rint(exact)));
      return this;
    }

    /** Returns the configuration; throws {@code IllegalArgumentException} for violations. */
    public PlacementConfig build() {
      return SHAPE.make(values);
    }
  }

  /**
   * A setting of the planner that a rule declares, and {@link PlacementConfig} carries among its
   * own. Immutable.
   *
   * @param <V> its values, which are immutable
   */
  public static final class RuleSetting<V> {
    private final String name;
    private final Form<V> form;
    private final V byDefault;
    private final String means;
    private final String accepted;
    private final Predicate<V> isAccepted;

    /**
     * Declares a setting.
     *
     * @param form how values are written
     * @param means what it does, as the reference of settings says it
     * @param accepted which values are accepted, in words
     */
    RuleSetting(
        String name,
        Form<V> form,
        V byDefault,
        String means,
        String accepted,
        Predicate<V> isAccepted) {
      this.name = name;
      this.form = form;
      this.byDefault = Objects.requireNonNull(byDefault, "byDefault");
      this.means = means;
      this.accepted = accepted;
      this.isAccepted = isAccepted;
    }

    /** Returns the name, as in files. */
    public String name() {
      return name;
    }

    /** Returns the value of a configuration that does not set it. */
    public V byDefault() {
      return byDefault;
    }

    Form<V> form() {
      return form;
    }

    String means() {
      return means;
    }

    String accepted() {
      return accepted;
    }

    boolean isAccepted(V value) {
      return isAccepted.test(value);
    }

    /** Returns the name. */
    @Override
    public String toString() {
      return name;
    }
  }

  /** The failure domains that replicas are spread over. */
  public enum Spread {
    /** A floor lies in as many domains of the first level as possible, then of the second. */
    ZONE,
    /** Zones are ignored; distinct workers are enough. */
    NONE
  }

  /** The conversion of a weight's share of the budget to a number of replicas. */
  public enum FactorMode {
    /** {@code trunc(weight x K)} for every chunk of the weight: the published formula. */
    WHOLE,
    /** {@code floor(weight x K)}, plus one for chunks with a fixed hash below the fraction. */
    SMOOTH
  }
}
