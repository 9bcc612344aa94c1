package dev.stowage.lifecycle.rows;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.lifecycle.ConfirmationPolicy;
import dev.stowage.lifecycle.Gates;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.RetentionHorizons;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Labels;
import dev.stowage.model.WorkerVersion;
import dev.stowage.placement.FactorMode;
import dev.stowage.placement.MovementBudget;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.Spread;
import dev.stowage.placement.WeightPolicy;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Configurations, and the small values that commands are made of, as canonical bytes and back. */
final class ConfigCodec {
  private ConfigCodec() {}

  static void write(CanonicalWriter out, LifecycleConfig config) {
    out.u32(config.minReplication() & 0xffffffffL).u32(config.maxReplication() & 0xffffffffL);
    out.u64(config.drainWindowTicks());
    out.u64(config.suspectAfterTicks()).u64(config.departAfterTicks());
    out.u64(config.regrowAfterTicks()).u64(config.giveUpAfterTicks());
    out.u64(config.lineagePauseTicks()).u64(config.orphanAfterTicks());
    RetentionHorizons kept = config.retention();
    out.u64(kept.chunkTicks()).u64(kept.swapTicks());
    out.u64(kept.assignmentTicks()).u64(kept.workerTicks());
    out.u64(config.maxWaitingBytes()).u64(config.maxWaitingChunks());
    out.u32(config.confirmation().quorumPercent() & 0xffffffffL).u8(config.gates().ordinal());
    out.list(config.weights().all().entrySet(), ConfigCodec::segments);
    placement(out, config.placement());
    LifecycleConfig.Trust trust = config.trust();
    out.u64(trust.maxStepTicks()).u64(trust.allowedSkewTicks());
    out.u32(trust.departureGuardMillionths() & 0xffffffffL);
    out.u32(trust.massDeletionMillionths() & 0xffffffffL).u64(config.maxChunksPerCycle());
  }

  static LifecycleConfig read(CanonicalReader in) {
    return new LifecycleConfig(
        (int) in.u32(),
        (int) in.u32(),
        in.u64(),
        in.u64(),
        in.u64(),
        in.u64(),
        in.u64(),
        in.u64(),
        in.u64(),
        new RetentionHorizons(in.u64(), in.u64(), in.u64(), in.u64()),
        in.u64(),
        in.u64(),
        new ConfirmationPolicy((int) in.u32()),
        in.oneOf(Gates.values()),
        weights(in),
        placement(in),
        new LifecycleConfig.Trust(in.u64(), in.u64(), (int) in.u32(), (int) in.u32()),
        in.u64());
  }

  private static void placement(CanonicalWriter out, PlacementConfig placement) {
    out.u32(placement.saturationMillionths()).u8(placement.spread().ordinal());
    out.u32(placement.balanceSlackMillionths()).u8(placement.factorMode().ordinal());
    out.u32(placement.factorMarginMillionths());
    budget(out, placement.budget());
    out.u32(placement.threads());
    out.list(
        placement.maxPerDomain().entrySet(),
        (to, each) -> to.u32(each.getKey()).u32(each.getValue()));
  }

  private static PlacementConfig placement(CanonicalReader in) {
    return new PlacementConfig(
        (int) in.u32(),
        in.oneOf(Spread.values()),
        (int) in.u32(),
        in.oneOf(FactorMode.values()),
        (int) in.u32(),
        budget(in),
        (int) in.u32(),
        limits(in));
  }

  private static TreeMap<Integer, Integer> limits(CanonicalReader in) {
    TreeMap<Integer, Integer> limits = new TreeMap<>();
    in.list(from -> limits.put((int) from.u32(), (int) from.u32()));
    return limits;
  }

  private static void segments(
      CanonicalWriter out, Map.Entry<DatasetId, List<WeightPolicy.Segment>> dataset) {
    out.string(dataset.getKey().value());
    out.list(
        dataset.getValue(),
        (to, segment) -> {
          to.u64(segment.from()).u32(segment.weight());
          weight(to, segment.floor());
          weight(to, segment.max());
          eligibility(to, segment.eligibility());
        });
  }

  private static WeightPolicy weights(CanonicalReader in) {
    WeightPolicy.Builder policy = WeightPolicy.builder();
    in.list(from -> {
      DatasetId dataset = DatasetId.of(from.string());
      return from.list(one ->
          policy.segment(
              dataset,
              new WeightPolicy.Segment(
                  one.u64(), (int) one.u32(), weight(one), weight(one), eligibility(one))));
    });
    return policy.build();
  }

  static void budget(CanonicalWriter out, MovementBudget budget) {
    out.u64(budget.bytes()).u64(budget.replicas());
    out.u64(budget.workerInBytes()).u64(budget.workerOutBytes());
  }

  static MovementBudget budget(CanonicalReader in) {
    return new MovementBudget(in.u64(), in.u64(), in.u64(), in.u64());
  }

  static void weight(CanonicalWriter out, OptionalInt weight) {
    if (weight.isPresent()) {
      out.present().u32(weight.getAsInt() & 0xffffffffL);
    } else {
      out.absent();
    }
  }

  static OptionalInt weight(CanonicalReader in) {
    return in.flag() ? OptionalInt.of((int) in.u32()) : OptionalInt.empty();
  }

  static void eligibility(CanonicalWriter out, Eligibility eligibility) {
    version(out, eligibility.minVersion());
    out.list(eligibility.requiredLabels().sorted(), (to, label) -> to.string(label));
  }

  static Eligibility eligibility(CanonicalReader in) {
    return new Eligibility(version(in), Labels.copyOf(in.list(CanonicalReader::string)));
  }

  static void version(CanonicalWriter out, WorkerVersion version) {
    out.u32(version.major()).u32(version.minor()).u32(version.patch());
  }

  static WorkerVersion version(CanonicalReader in) {
    return new WorkerVersion((int) in.u32(), (int) in.u32(), (int) in.u32());
  }
}
