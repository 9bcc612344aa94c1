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
  /**
   * Stands in the number of threads, which has room for it, where more follows than the fields that
   * a configuration always had.
   */
  private static final long MORE = 1L << 31;

  /** Parts that may follow, the lower one first; their sum stands before them. */
  private static final int TRUST = 1;

  private static final int CAPS = 2;

  private static final int DOMAINS = 4;

  private static final int CYCLE = 8;

  private static final int ALL = TRUST | CAPS | DOMAINS | CYCLE;

  /** Stands where a floor of the planner's own once stood, which nothing ever read. */
  private static final int NO_FLOOR = 1;

  private ConfigCodec() {}

  static void write(CanonicalWriter out, LifecycleConfig config) {
    out.u32(config.minReplication() & 0xffffffffL).u64(config.drainWindowTicks());
    out.u64(config.suspectAfterTicks()).u64(config.departAfterTicks());
    out.u64(config.regrowAfterTicks()).u64(config.giveUpAfterTicks());
    out.u64(config.lineagePauseTicks()).u64(config.orphanAfterTicks());
    RetentionHorizons kept = config.retention();
    out.u64(kept.chunkTicks()).u64(kept.swapTicks());
    out.u64(kept.assignmentTicks()).u64(kept.workerTicks());
    out.u64(config.maxWaitingBytes()).u64(config.maxWaitingChunks());
    out.u32(config.confirmation().quorumPercent() & 0xffffffffL).u8(config.gates().ordinal());
    out.list(config.weights().all().entrySet(), ConfigCodec::segments);
    PlacementConfig placement = config.placement();
    out.u32(NO_FLOOR).u32(placement.saturationMillionths());
    out.u8(placement.spread().ordinal()).u32(placement.balanceSlackMillionths());
    out.u8(placement.factorMode().ordinal()).u32(placement.factorMarginMillionths());
    budget(out, placement.budget());
    int parts = config.trust().equals(LifecycleConfig.Trust.BLIND) ? 0 : TRUST;
    parts |= isAnyCapped(config) ? CAPS : 0;
    parts |= placement.maxPerDomain().isEmpty() ? 0 : DOMAINS;
    parts |= config.maxChunksPerCycle() == LifecycleConfig.UNLIMITED ? 0 : CYCLE;
    if (parts == 0) {
      out.u32(placement.threads());
      return;
    }
    out.u32(placement.threads() | MORE).u8(parts);
    if ((parts & TRUST) != 0) {
      trust(out, config.trust());
    }
    if ((parts & CAPS) != 0) {
      caps(out, config);
    }
    if ((parts & DOMAINS) != 0) {
      out.list(
          placement.maxPerDomain().entrySet(),
          (to, each) -> to.u32(each.getKey()).u32(each.getValue()));
    }
    if ((parts & CYCLE) != 0) {
      out.u64(config.maxChunksPerCycle());
    }
  }

  private static void trust(CanonicalWriter out, LifecycleConfig.Trust trust) {
    out.u64(trust.maxStepTicks()).u64(trust.allowedSkewTicks());
    out.u32(trust.departureGuardMillionths() & 0xffffffffL);
    out.u32(trust.massDeletionMillionths() & 0xffffffffL);
  }

  private static boolean isAnyCapped(LifecycleConfig config) {
    boolean isAny = config.maxReplication() != WeightPolicy.UNCAPPED;
    for (List<WeightPolicy.Segment> segments : config.weights().all().values()) {
      isAny |= segments.stream().anyMatch(each -> each.max().isPresent());
    }
    return isAny;
  }

  private static void caps(CanonicalWriter out, LifecycleConfig config) {
    out.u32(config.maxReplication() & 0xffffffffL);
    config
        .weights()
        .all()
        .forEach((dataset, segments) -> segments.forEach(each -> weight(out, each.max())));
  }

  /** The same segments, each with the cap that follows. */
  private static WeightPolicy capped(WeightPolicy weights, CanonicalReader in) {
    WeightPolicy.Builder policy = WeightPolicy.builder();
    weights
        .all()
        .forEach((dataset, segments) ->
            segments.forEach(each -> policy.segment(dataset, each.withMax(weight(in)))));
    return policy.build();
  }

  static LifecycleConfig read(CanonicalReader in) {
    LifecycleConfig bare = bare(in);
    in.u32();
    int saturation = (int) in.u32();
    Spread spread = Spread.values()[in.u8()];
    int slack = (int) in.u32();
    FactorMode mode = FactorMode.values()[in.u8()];
    int margin = (int) in.u32();
    MovementBudget budget = budget(in);
    long threads = in.u32();
    PlacementConfig placement =
        new PlacementConfig(
            saturation,
            spread,
            slack,
            mode,
            margin,
            budget,
            (int) (threads & ~MORE),
            new TreeMap<>());
    return withParts(bare, placement, in, (threads & MORE) != 0);
  }

  /**
   * What does not follow is as it was for whoever wrote the bytes: believed, without caps, limits
   * or a bound of cycles.
   */
  private static LifecycleConfig withParts(
      LifecycleConfig bare, PlacementConfig placement, CanonicalReader in, boolean isAny) {
    int parts = isAny ? in.u8() : 0;
    if (isAny && (parts < TRUST || parts > ALL)) {
      throw new IllegalArgumentException(
          "part of a configuration is " + parts + "; 1 to " + ALL + " are known");
    }
    LifecycleConfig.Trust trust =
        (parts & TRUST) == 0
            ? LifecycleConfig.Trust.BLIND
            : new LifecycleConfig.Trust(in.u64(), in.u64(), (int) in.u32(), (int) in.u32());
    boolean isCapped = (parts & CAPS) != 0;
    int most = isCapped ? (int) in.u32() : WeightPolicy.UNCAPPED;
    WeightPolicy weights = isCapped ? capped(bare.weights(), in) : bare.weights();
    boolean isLimited = (parts & DOMAINS) != 0;
    PlacementConfig planned = isLimited ? limited(placement, in) : placement;
    long bound = (parts & CYCLE) != 0 ? in.u64() : LifecycleConfig.UNLIMITED;
    return bare.with(most, weights, planned, trust, bound);
  }

  /** The same planner's configuration, with the limits of domains that follow. */
  private static PlacementConfig limited(PlacementConfig bare, CanonicalReader in) {
    TreeMap<Integer, Integer> limits = new TreeMap<>();
    in.list(from -> limits.put((int) from.u32(), (int) from.u32()));
    return new PlacementConfig(
        bare.saturationMillionths(),
        bare.spread(),
        bare.balanceSlackMillionths(),
        bare.factorMode(),
        bare.factorMarginMillionths(),
        bare.budget(),
        bare.threads(),
        limits);
  }

  /** All but caps, how it plans, and what it believes. */
  private static LifecycleConfig bare(CanonicalReader in) {
    return new LifecycleConfig(
        (int) in.u32(),
        WeightPolicy.UNCAPPED,
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
        Gates.values()[in.u8()],
        weights(in),
        PlacementConfig.defaults(),
        LifecycleConfig.Trust.BLIND,
        LifecycleConfig.UNLIMITED);
  }

  private static void segments(
      CanonicalWriter out, Map.Entry<DatasetId, List<WeightPolicy.Segment>> dataset) {
    out.string(dataset.getKey().value());
    out.list(
        dataset.getValue(),
        (to, segment) -> {
          to.u64(segment.from()).u32(segment.weight());
          weight(to, segment.floor());
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
              new WeightPolicy.Segment(one.u64(), (int) one.u32(), weight(one), eligibility(one))));
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
