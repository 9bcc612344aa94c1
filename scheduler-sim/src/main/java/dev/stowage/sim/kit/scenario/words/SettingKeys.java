package dev.stowage.sim.kit.scenario.words;

import dev.stowage.lifecycle.ConfirmationPolicy;
import dev.stowage.lifecycle.Gates;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.RetentionHorizons;
import dev.stowage.placement.FactorMode;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.Spread;
import dev.stowage.placement.StatelessPlanner;
import dev.stowage.placement.WeightPolicy;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What {@code config} and {@code set} can say. */
public final class SettingKeys {
  /** Writes one value into a configuration. */
  interface Change {
    void apply(Settings settings, String value) throws UnreadableWord;
  }

  private static final Map<String, Change> CHANGES = changes();

  private SettingKeys() {}

  public static List<String> names() {
    return List.copyOf(CHANGES.keySet());
  }

  /** Writes values into a configuration; each one that cannot be read is named. */
  public static void apply(Settings settings, Map<String, String> values) throws UnreadableWord {
    for (Map.Entry<String, String> each : values.entrySet()) {
      Change change = CHANGES.get(each.getKey());
      try {
        if (change != null) {
          change.apply(settings, each.getValue());
          settings.placement.build();
        }
      } catch (IllegalArgumentException outOfRange) {
        throw UnreadableWord.found(
            each.getKey() + "=" + each.getValue(),
            "a value within the bounds (" + outOfRange.getMessage() + ")");
      } catch (UnreadableWord unreadable) {
        throw UnreadableWord.within(each.getKey() + "=" + each.getValue(), unreadable);
      }
    }
  }

  private static Map<String, Change> changes() {
    Map<String, Change> all = new LinkedHashMap<>();
    Change floor = (to, value) -> to.fleet.minReplication(count(value, 0));
    all.put("floor", floor);
    all.put("min_replication", floor);
    all.put("max_replication", (to, value) -> to.fleet.maxReplication(cap(value)));
    all.put("saturation", (to, value) -> to.placement = to.placement.saturation(share(value)));
    all.put("drain_window", (to, value) -> to.fleet.drainWindowTicks(ticks(value)));
    all.put("confirmation", (to, value) -> to.fleet.confirmation(confirmation(value)));
    all.put("gates", (to, value) -> to.fleet.gates(constant(value, "on or none", Gates.class)));
    all.put(
        "retention",
        (to, value) -> to.fleet.retention(RetentionHorizons.ofTicks(ticksOrNever(value))));
    all.put("suspect_after", (to, value) -> to.fleet.suspectAfterTicks(ticksOrNever(value)));
    all.put("depart_after", (to, value) -> to.fleet.departAfterTicks(ticksOrNever(value)));
    all.put("give_up_after", (to, value) -> to.fleet.giveUpAfterTicks(ticksOrNever(value)));
    all.put("regrow_after", (to, value) -> to.fleet.regrowAfterTicks(ticks(value)));
    all.put(
        "lineage_pause",
        (to, value) -> {
          to.fleet.lineagePauseTicks(ticks(value));
          to.isPauseGiven = true;
        });
    all.put("orphan_after", (to, value) -> to.fleet.orphanAfterTicks(ticksOrNever(value)));
    all.put("max_waiting_bytes", (to, value) -> to.fleet.maxWaitingBytes(bytes(value)));
    all.put("max_waiting_chunks", (to, value) -> to.fleet.maxWaitingChunks(limit(value)));
    all.put("max_step", (to, value) -> to.fleet.maxStepTicks(ticksOrNone(value)));
    all.put("allowed_skew", (to, value) -> to.fleet.allowedSkewTicks(ticks(value)));
    all.put("departure_guard", (to, value) -> to.fleet.departureGuardMillionths(guard(value)));
    all.put("mass_deletion", (to, value) -> to.fleet.massDeletionMillionths(guard(value)));
    all.put(
        "clock",
        (to, value) ->
            to.isClockTrusted = WordReader.of(value).either("trusted", true, "none", false));
    placement(all);
    return all;
  }

  private static void placement(Map<String, Change> all) {
    all.put(
        "spread",
        (to, value) ->
            to.placement = to.placement.spread(constant(value, "zone or none", Spread.class)));
    all.put(
        "max_per_domain",
        (to, value) -> to.placement = to.placement.maxPerDomain(DomainLimitReader.read(value)));
    all.put("balance_slack", (to, value) -> to.placement = to.placement.balanceSlack(share(value)));
    all.put(
        "factors",
        (to, value) ->
            to.placement =
                to.placement.factorMode(constant(value, "whole or smooth", FactorMode.class)));
    all.put("factor_margin", (to, value) -> to.placement = to.placement.factorMargin(share(value)));
    all.put("movement_budget_bytes", (to, value) -> to.budgetBytes = bytes(value));
    all.put("movement_budget_replicas", (to, value) -> to.budgetReplicas = limit(value));
    all.put("worker_in_bytes", (to, value) -> to.workerInBytes = bytes(value));
    all.put("worker_out_bytes", (to, value) -> to.workerOutBytes = bytes(value));
    all.put("weight_policy", (to, value) -> to.fleet.weights(WeightPolicyReader.read(value)));
    all.put("pins", (to, value) -> to.pins = Optional.of(pairs(value)));
    all.put("bans", (to, value) -> to.bans = Optional.of(pairs(value)));
    all.put("previous_factors", (to, value) -> to.previousFactors = FactorReader.read(value));
    all.put("planner", (to, value) -> to.planner = planner(value));
    all.put("scorer", (to, value) -> to.scorer = scorer(value));
    all.put("threads", (to, value) -> to.placement = to.placement.threads(count(value, 1)));
  }

  private static OptionalLong scorer(String value) throws UnreadableWord {
    String expected = "none, or the number that a scorer is drawn from";
    return value.equals("none")
        ? OptionalLong.empty()
        : OptionalLong.of(WordReader.number(value, 0, expected));
  }

  private static List<Pair> pairs(String value) throws UnreadableWord {
    String expected = "replicas as [D/C@W, D/C@W]";
    UnreadableWord.unless(value.startsWith("[") && value.endsWith("]"), value, expected);
    String inside = value.substring(1, value.length() - 1).strip();
    List<Pair> pairs = new ArrayList<>();
    for (String word : inside.isEmpty() ? new String[0] : inside.split(",", -1)) {
      pairs.add(Pair.take(WordReader.of(word.strip())));
    }
    return pairs;
  }

  private static int count(String value, long least) throws UnreadableWord {
    return (int) Math.min(Integer.MAX_VALUE, WordReader.number(value, least, "a count"));
  }

  private static int cap(String value) throws UnreadableWord {
    return value.equals("none")
        ? WeightPolicy.UNCAPPED
        : (int) Math.min(Integer.MAX_VALUE, WordReader.number(value, 1, "a count, or none"));
  }

  private static long ticks(String value) throws UnreadableWord {
    return WordReader.number(value, 0, "ticks");
  }

  private static long ticksOrNever(String value) throws UnreadableWord {
    return value.equals("never")
        ? LifecycleConfig.NEVER
        : WordReader.number(value, 0, "ticks, or never");
  }

  private static long ticksOrNone(String value) throws UnreadableWord {
    return value.equals("none")
        ? LifecycleConfig.NEVER
        : WordReader.number(value, 1, "ticks, or none");
  }

  private static int guard(String value) throws UnreadableWord {
    return value.equals("none")
        ? LifecycleConfig.UNGUARDED
        : (int) Math.round(share(value) * 1_000_000);
  }

  private static PlacementPlanner planner(String value) throws UnreadableWord {
    return WordReader.of(value)
        .either("stowage", PlacementPlanner.sticky(), "stateless", StatelessPlanner.create());
  }

  private static <E extends Enum<E>> E constant(String value, String expected, Class<E> of)
      throws UnreadableWord {
    return WordReader.of(value).constant(expected, of);
  }

  private static long limit(String value) throws UnreadableWord {
    return value.equals("unlimited")
        ? Long.MAX_VALUE
        : WordReader.number(value, 0, "a count, or unlimited");
  }

  private static long bytes(String value) throws UnreadableWord {
    return value.matches("[0-9]*|unlimited") ? limit(value) : Sizes.read(value);
  }

  private static double share(String value) throws UnreadableWord {
    UnreadableWord.unless(
        value.matches("[0-9]{1,9}(\\.[0-9]{1,9})?"), value, "a number such as 0.95");
    return new BigDecimal(value).doubleValue();
  }

  private static ConfirmationPolicy confirmation(String value) throws UnreadableWord {
    if (value.equals("per-worker")) {
      return ConfirmationPolicy.perWorker();
    }
    String expected = "per-worker or quorum:PERCENT with 0 to 100";
    UnreadableWord.unless(value.matches("quorum:[0-9]{1,3}"), value, expected);
    int percent = Integer.parseInt(value.substring("quorum:".length()));
    UnreadableWord.unless(percent <= 100, value, expected);
    return ConfirmationPolicy.quorum(percent);
  }
}
