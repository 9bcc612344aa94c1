package dev.stowage.placement;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The planner's configuration. Fractions are counts of millionths, so that every decision is exact.
 * Floors and caps are not here: the planner is told those of each chunk, and who tells it has the
 * setting.
 *
 * @param saturationMillionths share of the fleet's bytes that the factors may spend, 1 to 1,000,000
 * @param spread which failure domains replicas are spread over
 * @param balanceSlackMillionths how far from the water level a worker may lie, at least 0
 * @param factorMode whole or smooth factors
 * @param factorMarginMillionths how far past a whole factor the share must be before it rises
 * @param budget how much may move in one plan
 * @param threads at least 1; the plan does not depend on it
 * @param maxPerDomain for levels of zones, from 1 for the outermost up to {@link #MOST_LEVELS}, how
 *     many wanted replicas of one chunk a domain of the level may have, at least 1; empty for no
 *     such bound. Kept as an unmodifiable copy, in the order of levels
 */
public record PlacementConfig(
    int saturationMillionths,
    Spread spread,
    int balanceSlackMillionths,
    FactorMode factorMode,
    int factorMarginMillionths,
    MovementBudget budget,
    int threads,
    SortedMap<Integer, Integer> maxPerDomain) {
  /** The highest number of a level that can be limited. */
  public static final int MOST_LEVELS = 64;

  /** One whole, in millionths. */
  public static final int ONE = 1_000_000;

  /** Refuses what the builder refuses, naming every violated bound at once. */
  public PlacementConfig {
    Objects.requireNonNull(spread, "spread");
    Objects.requireNonNull(factorMode, "factorMode");
    Objects.requireNonNull(budget, "budget");
    List<String> violated = new ArrayList<>();
    within(violated, "saturation in millionths", saturationMillionths, 1, ONE);
    within(violated, "balanceSlack in millionths", balanceSlackMillionths, 0, Integer.MAX_VALUE);
    within(violated, "factorMargin in millionths", factorMarginMillionths, 0, Integer.MAX_VALUE);
    within(violated, "threads", threads, 1, 1024);
    limits(violated, maxPerDomain);
    refuse(violated);
    maxPerDomain = Collections.unmodifiableSortedMap(new TreeMap<>(maxPerDomain));
  }

  /** A builder with the defaults: saturation 0.95, zones, slack 1 %, margin 2 %. */
  public static Builder builder() {
    return new Builder();
  }

  /** The default configuration. */
  public static PlacementConfig defaults() {
    return builder().build();
  }

  /** A builder that starts from this configuration. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.saturation = saturationMillionths / (double) ONE;
    builder.spread = spread;
    builder.balanceSlack = balanceSlackMillionths / (double) ONE;
    builder.factorMode = factorMode;
    builder.factorMargin = factorMarginMillionths / (double) ONE;
    builder.budget = budget;
    builder.threads = threads;
    builder.maxPerDomain = maxPerDomain;
    return builder;
  }

  private static void limits(List<String> violated, Map<Integer, Integer> maxPerDomain) {
    maxPerDomain.forEach((level, count) -> {
      within(violated, "a level of maxPerDomain", level, 1, MOST_LEVELS);
      within(violated, "maxPerDomain of level " + level, count, 1, Integer.MAX_VALUE);
    });
  }

  private static void within(List<String> violated, String what, long value, long low, long high) {
    if (value < low || value > high) {
      violated.add(what + " is " + value + "; " + low + " to " + high + " is accepted");
    }
  }

  private static void refuse(List<String> violated) {
    if (!violated.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", violated));
    }
  }

  /** Collects a configuration. Not thread-safe. */
  public static final class Builder {
    private double saturation = 0.95;
    private Spread spread = Spread.ZONE;
    private double balanceSlack = 0.01;
    private FactorMode factorMode = FactorMode.WHOLE;
    private double factorMargin = 0.02;
    private MovementBudget budget = MovementBudget.UNLIMITED;
    private int threads = 1;
    private SortedMap<Integer, Integer> maxPerDomain = new TreeMap<>();

    private Builder() {}

    /** Share of the fleet's bytes that the factors may spend, above 0 and at most 1. */
    public Builder saturation(double share) {
      saturation = share;
      return this;
    }

    /** Which failure domains replicas are spread over. */
    public Builder spread(Spread domains) {
      spread = Objects.requireNonNull(domains, "domains");
      return this;
    }

    /** How far from the water level a worker may lie, as a share of the level; at least 0. */
    public Builder balanceSlack(double share) {
      balanceSlack = share;
      return this;
    }

    /** Whole or smooth factors. */
    public Builder factorMode(FactorMode mode) {
      factorMode = Objects.requireNonNull(mode, "mode");
      return this;
    }

    /** How far past a whole factor the share must be before the factor rises; at least 0. */
    public Builder factorMargin(double share) {
      factorMargin = share;
      return this;
    }

    /** How much may move in one plan. */
    public Builder budget(MovementBudget bounds) {
      budget = Objects.requireNonNull(bounds, "bounds");
      return this;
    }

    /** Threads to plan with, at least 1; the plan does not depend on it. */
    public Builder threads(int count) {
      threads = count;
      return this;
    }

    /**
     * How many wanted replicas of one chunk a domain may have, by the level of the domain, 1 for
     * the outermost; empty for no such bound.
     */
    public Builder maxPerDomain(Map<Integer, Integer> countByLevel) {
      maxPerDomain = new TreeMap<>(countByLevel);
      return this;
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException naming every violated bound at once
     */
    public PlacementConfig build() {
      List<String> violated = new ArrayList<>();
      int saturated = millionths(violated, "saturation", saturation, 1);
      int slack = millionths(violated, "balanceSlack", balanceSlack, 1000);
      int margin = millionths(violated, "factorMargin", factorMargin, 1000);
      if (saturated == 0 && !(saturation < 0)) {
        violated.add("saturation is " + saturation + "; at least 0.000001 is accepted");
      }
      within(violated, "threads", threads, 1, 1024);
      limits(violated, maxPerDomain);
      refuse(violated);
      return new PlacementConfig(
          saturated, spread, slack, factorMode, margin, budget, threads, maxPerDomain);
    }

    private static int millionths(List<String> violated, String what, double share, int high) {
      if (!(share >= 0 && share <= high)) {
        violated.add(what + " is " + share + "; 0 to " + high + " is accepted");
        return -1;
      }
      return (int) Math.round(share * ONE);
    }
  }
}
