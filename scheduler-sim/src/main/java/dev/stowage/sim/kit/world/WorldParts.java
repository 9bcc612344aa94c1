package dev.stowage.sim.kit.world;

import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Declares the optional parts of the library that run in a world, and what drives them; {@link
 * #SHAPE} describes each. A part at 0 does not run.
 */
public record WorldParts(
    int rebalancer, int reads, int governor, int pressure, int fanOut, int interests) {
  /** The most portals with interests, and the highest fan-out. */
  private static final int MOST_PORTALS = 1_000;

  private static final Shape.Builder<WorldParts> FIELDS = Shape.named("parts");

  private static final NumberField<WorldParts> REBALANCER =
      number("rebalancer", WorldParts::rebalancer, 100)
          .means(
              "percentage of workers whose reads are slow in 5 of 20 steps, drawn anew each time;"
                  + " a rebalancer moves replicas off them");
  private static final NumberField<WorldParts> READS =
      number("reads", WorldParts::reads, 100)
          .means(
              "reads after the first fill, in percent of what workers are rated for, every"
                  + " twentieth chunk twenty times as often; the rebalancer scores them");
  private static final NumberField<WorldParts> GOVERNOR =
      number("governor", WorldParts::governor, 100)
          .means(
              "percentage of steps in which the host has a load, up to 110 %; above 84 % a governor"
                  + " refuses new chunks, which come again");
  private static final NumberField<WorldParts> PRESSURE =
      number("pressure", WorldParts::pressure, 100)
          .means("percentage of steps under elevated, high or critical pressure");
  private static final NumberField<WorldParts> FAN_OUT =
      FIELDS
          .number("fan_out", WorldParts::fanOut)
          .narrow()
          .between(2, MOST_PORTALS)
          .orElse(0, "none")
          .means("portals that take the routes of the leader, and of each portal in a relay tree");
  private static final NumberField<WorldParts> INTERESTS =
      number("interests", WorldParts::interests, MOST_PORTALS)
          .means("portals that follow a part of the datasets, outside of the relay tree");

  /** The shape. */
  public static final Shape<WorldParts> SHAPE =
      FIELDS.make(v ->
          new WorldParts(
              REBALANCER.intOf(v),
              READS.intOf(v),
              GOVERNOR.intOf(v),
              PRESSURE.intOf(v),
              FAN_OUT.intOf(v),
              INTERESTS.intOf(v)));

  /** No part runs. */
  public static final WorldParts NONE = SHAPE.make(SHAPE.values());

  /** Throws {@link IllegalArgumentException} that names every violated bound. */
  public WorldParts(
      int rebalancer, int reads, int governor, int pressure, int fanOut, int interests) {
    this.rebalancer = rebalancer;
    this.reads = reads;
    this.governor = governor;
    this.pressure = pressure;
    this.fanOut = fanOut;
    this.interests = interests;
    SHAPE.checked(this);
  }

  private static NumberField<WorldParts> number(
      String name, ToLongFunction<WorldParts> get, int most) {
    return FIELDS.number(name, get).narrow().between(0, most).orElse(0);
  }

  /** Returns the numbers, in order. */
  public static List<NumberField<WorldParts>> all() {
    return List.of(REBALANCER, READS, GOVERNOR, PRESSURE, FAN_OUT, INTERESTS);
  }

  /** Returns the numbers of the parts that run, by the names of a report. */
  public Map<String, String> shown() {
    Map<String, String> shown = new LinkedHashMap<>();
    for (NumberField<WorldParts> field : all()) {
      if (field.in(this) != 0) {
        shown.put(field.name().replace('_', ' '), field.text(this));
      }
    }
    return shown;
  }

  /** Reports whether propagation tells portals of new assignments. */
  boolean isOfPortals() {
    return fanOut + interests > 0;
  }
}
