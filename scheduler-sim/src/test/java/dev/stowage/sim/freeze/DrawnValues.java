package dev.stowage.sim.freeze;

import dev.stowage.lifecycle.Annex;
import dev.stowage.lifecycle.ConfirmationPolicy;
import dev.stowage.lifecycle.Gates;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.PlacementWish;
import dev.stowage.lifecycle.PlanningAdvice;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.RetentionHorizons;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Labels;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerVersion;
import dev.stowage.placement.FactorMode;
import dev.stowage.placement.MovementBudget;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.Spread;
import dev.stowage.placement.WeightPolicy;
import dev.stowage.sim.kit.world.Chance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Draws the values that commands and documents are made of. Not thread-safe. */
final class DrawnValues {
  private static final String[] SYLLABLES = {"a", "zz", "\"", "\\", "é", "ﬀ", "水", "😀", "/", " "};

  final Chance chance;
  private int names;

  DrawnValues(long seed) {
    chance = Chance.ofSeed(seed);
  }

  /** Never the same twice. */
  String name() {
    StringBuilder name = new StringBuilder();
    for (int left = chance.below(5); left > 0; left--) {
      name.append(SYLLABLES[chance.below(SYLLABLES.length)]);
    }
    return name.append(++names).toString();
  }

  /** At least 0: small, or as large as a number can be, or anything between. */
  long whole() {
    return chance.happens(10) ? Long.MAX_VALUE : chance.next() >>> (1 + chance.below(63));
  }

  /** A small number, at least 0. */
  int small() {
    return chance.below(chance.happens(20) ? 1 << 20 : 20);
  }

  <T> List<T> some(Supplier<T> each) {
    List<T> all = new ArrayList<>();
    for (int left = chance.below(6); left > 0; left--) {
      all.add(each.get());
    }
    return all;
  }

  <T> T oneOf(List<T> all) {
    return all.get(chance.below(all.size()));
  }

  DatasetId dataset() {
    return DatasetId.of(name());
  }

  ChunkKey key() {
    return new ChunkKey(dataset(), name());
  }

  WorkerId worker() {
    return WorkerId.of(name());
  }

  Lineage lineage() {
    return Lineage.of(chance.next());
  }

  ChunkNumber number() {
    return new ChunkNumber(lineage(), Math.max(1, whole()));
  }

  Incarnation incarnation() {
    return Incarnation.of(whole());
  }

  ReportHeader header() {
    return new ReportHeader(worker(), incarnation(), lineage(), Math.max(1, whole()));
  }

  WorkerVersion version() {
    return new WorkerVersion(small(), small(), small());
  }

  Labels labels() {
    return Labels.copyOf(some(this::label));
  }

  private String label() {
    return "label-" + ++names;
  }

  Eligibility eligibility() {
    return chance.happens(40) ? Eligibility.ANY : new Eligibility(version(), labels());
  }

  private OptionalInt weight() {
    return chance.happens(50) ? OptionalInt.empty() : OptionalInt.of(1 + small());
  }

  /** Now and then one that no fleet accepts. */
  ProposedChunk proposal() {
    long first = chance.happens(5) ? -whole() : whole();
    return new ProposedChunk(key(), first, whole(), whole(), weight(), eligibility());
  }

  PlacementWish wish() {
    PlacementWish.Kind kind = oneOf(List.of(PlacementWish.Kind.PIN, PlacementWish.Kind.BAN));
    return chance.happens(50)
        ? PlacementWish.of(kind, key(), worker())
        : PlacementWish.of(kind, dataset(), worker());
  }

  Annex annex() {
    byte[] content = new byte[chance.below(300)];
    for (int at = 0; at < content.length; at++) {
      content[at] = (byte) chance.below(256);
    }
    return new Annex(name(), content);
  }

  MovementBudget budget() {
    return new MovementBudget(whole(), whole(), whole(), whole());
  }

  PlanningAdvice advice() {
    PlanningAdvice advice =
        new PlanningAdvice(
            some(() -> new PlanningAdvice.Intent(key(), worker(), worker())),
            some(this::worker),
            some(this::key),
            chance.happens(50) ? Optional.empty() : Optional.of(budget()));
    return chance.happens(50)
        ? advice
        : advice.withScores(
            some(() -> new PlanningAdvice.Score(key(), worker(), chance.below(1_000_001))));
  }

  LifecycleConfig config() {
    return LifecycleConfig.builder()
        .minReplication(small())
        .maxReplication(WeightPolicy.UNCAPPED)
        .drainWindowTicks(whole())
        .suspectAfterTicks(whole())
        .departAfterTicks(whole())
        .regrowAfterTicks(whole())
        .giveUpAfterTicks(whole())
        .lineagePauseTicks(whole())
        .orphanAfterTicks(whole())
        .retention(new RetentionHorizons(whole(), whole(), whole(), whole()))
        .maxWaitingBytes(whole())
        .maxWaitingChunks(whole())
        .maxChunksPerCycle(LifecycleConfig.UNLIMITED)
        .confirmation(
            chance.happens(50)
                ? ConfirmationPolicy.perWorker()
                : ConfirmationPolicy.quorum(chance.below(101)))
        .gates(oneOf(List.of(Gates.ON, Gates.NONE)))
        .weights(weights())
        .placement(placement())
        .unchecked();
  }

  private WeightPolicy weights() {
    WeightPolicy.Builder policy = WeightPolicy.builder();
    for (DatasetId dataset : some(this::dataset)) {
      for (int left = chance.below(4); left > 0; left--) {
        long from = chance.happens(50) ? whole() : -1 - small();
        policy.segment(
            dataset, new WeightPolicy.Segment(from, 1 + small(), weight(), eligibility()));
      }
    }
    return policy.build();
  }

  private PlacementConfig placement() {
    small();
    return new PlacementConfig(
        1 + chance.below(PlacementConfig.ONE),
        oneOf(List.of(Spread.ZONE, Spread.NONE)),
        small(),
        oneOf(List.of(FactorMode.WHOLE, FactorMode.SMOOTH)),
        small(),
        budget(),
        1 + chance.below(64),
        new TreeMap<>());
  }
}
