package dev.stowage.content;

import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import java.util.function.ToLongFunction;

/**
 * The bounds that decide whether repair of a partial copy is worth its cost. Gains and costs are
 * micro-points; shares are thousandths, 0 to 1,000. {@link #SHAPE} describes each bound.
 */
public record RepairConfig(
    long leastNetMicros,
    long bandwidthMicrosPerMib,
    int memoryBlocksFromPermille,
    int contentionBlocksFromPermille,
    int likelyResumePermille,
    int unstableBelowPermille,
    long viableRelayMicrosPerMib,
    int lossyFromPermille,
    int burstLossPermille,
    long trickleNetMicros,
    long burstNetMicros,
    long multiPeerNetMicros) {
  private static final Shape.Builder<RepairConfig> FIELDS = Shape.named("repair_config");

  private static final NumberField<RepairConfig> LEAST_NET =
      micros("least_net_micros", RepairConfig::leastNetMicros, 50_000)
          .means("the net gain below which nothing is repaired");
  private static final NumberField<RepairConfig> BANDWIDTH =
      micros("bandwidth_micros_per_mib", RepairConfig::bandwidthMicrosPerMib, 30_000)
          .means("the cost of sending a mebibyte of repair symbols");
  private static final NumberField<RepairConfig> MEMORY_BLOCKS =
      share("memory_blocks_from_permille", RepairConfig::memoryBlocksFromPermille, 850)
          .means("the memory strain from which repair is blocked, unless a resume is likely");
  private static final NumberField<RepairConfig> CONTENTION_BLOCKS =
      share("contention_blocks_from_permille", RepairConfig::contentionBlocksFromPermille, 900)
          .means("the contention from which repair is blocked, unless a resume is likely");
  private static final NumberField<RepairConfig> LIKELY_RESUME =
      share("likely_resume_permille", RepairConfig::likelyResumePermille, 600)
          .means("the share from which a resume counts as likely");
  private static final NumberField<RepairConfig> UNSTABLE_BELOW =
      share("unstable_below_permille", RepairConfig::unstableBelowPermille, 500)
          .means("the stability below which a path counts as unstable");
  private static final NumberField<RepairConfig> VIABLE_RELAY =
      micros("viable_relay_micros_per_mib", RepairConfig::viableRelayMicrosPerMib, 500_000)
          .means("the cost of a mebibyte above which a relay is not used");
  private static final NumberField<RepairConfig> LOSSY_FROM =
      share("lossy_from_permille", RepairConfig::lossyFromPermille, 10)
          .means("the loss from which a path counts as lossy");
  private static final NumberField<RepairConfig> BURST_LOSS =
      share("burst_loss_permille", RepairConfig::burstLossPermille, 80)
          .means("the loss from which symbols are sent in bursts");
  private static final NumberField<RepairConfig> TRICKLE_NET =
      micros("trickle_net_micros", RepairConfig::trickleNetMicros, 150_000)
          .means("the net gain from which parity goes along with the data");
  private static final NumberField<RepairConfig> BURST_NET =
      micros("burst_net_micros", RepairConfig::burstNetMicros, 1_000_000)
          .means("the net gain from which symbols are sent in bursts");
  private static final NumberField<RepairConfig> MULTI_PEER_NET =
      micros("multi_peer_net_micros", RepairConfig::multiPeerNetMicros, 1_500_000)
          .means("the net gain from which several peers send");

  /** The shape of the bounds. */
  public static final Shape<RepairConfig> SHAPE =
      FIELDS.make(v ->
          new RepairConfig(
              LEAST_NET.of(v),
              BANDWIDTH.of(v),
              MEMORY_BLOCKS.intOf(v),
              CONTENTION_BLOCKS.intOf(v),
              LIKELY_RESUME.intOf(v),
              UNSTABLE_BELOW.intOf(v),
              VIABLE_RELAY.of(v),
              LOSSY_FROM.intOf(v),
              BURST_LOSS.intOf(v),
              TRICKLE_NET.of(v),
              BURST_NET.of(v),
              MULTI_PEER_NET.of(v)));

  /** The default bounds. */
  public static final RepairConfig DEFAULT = SHAPE.make(SHAPE.values());

  /** Throws {@link IllegalArgumentException} that names every violated bound. */
  public RepairConfig(
      long leastNetMicros,
      long bandwidthMicrosPerMib,
      int memoryBlocksFromPermille,
      int contentionBlocksFromPermille,
      int likelyResumePermille,
      int unstableBelowPermille,
      long viableRelayMicrosPerMib,
      int lossyFromPermille,
      int burstLossPermille,
      long trickleNetMicros,
      long burstNetMicros,
      long multiPeerNetMicros) {
    this.leastNetMicros = leastNetMicros;
    this.bandwidthMicrosPerMib = bandwidthMicrosPerMib;
    this.memoryBlocksFromPermille = memoryBlocksFromPermille;
    this.contentionBlocksFromPermille = contentionBlocksFromPermille;
    this.likelyResumePermille = likelyResumePermille;
    this.unstableBelowPermille = unstableBelowPermille;
    this.viableRelayMicrosPerMib = viableRelayMicrosPerMib;
    this.lossyFromPermille = lossyFromPermille;
    this.burstLossPermille = burstLossPermille;
    this.trickleNetMicros = trickleNetMicros;
    this.burstNetMicros = burstNetMicros;
    this.multiPeerNetMicros = multiPeerNetMicros;
    SHAPE.checked(this);
  }

  /** Returns these bounds with another least net gain, in micro-points. */
  public RepairConfig withLeastNet(long micros) {
    return SHAPE.with(this, LEAST_NET, micros);
  }

  /** Returns these bounds with another cost of a mebibyte of repair symbols, in micro-points. */
  public RepairConfig withBandwidth(long microsPerMib) {
    return SHAPE.with(this, BANDWIDTH, microsPerMib);
  }

  /** Returns these bounds with other strains that block repair, in thousandths. */
  public RepairConfig withBlocking(int memoryPermille, int contentionPermille) {
    return SHAPE.with(
        SHAPE.with(this, MEMORY_BLOCKS, memoryPermille), CONTENTION_BLOCKS, contentionPermille);
  }

  /** Returns these bounds with another share from which a resume is likely, in thousandths. */
  public RepairConfig withLikelyResume(int permille) {
    return SHAPE.with(this, LIKELY_RESUME, permille);
  }

  /** Returns these bounds with another stability of unstable paths, in thousandths. */
  public RepairConfig withUnstableBelow(int permille) {
    return SHAPE.with(this, UNSTABLE_BELOW, permille);
  }

  /** Returns these bounds with another greatest cost of a relay, in micro-points per MiB. */
  public RepairConfig withViableRelay(long microsPerMib) {
    return SHAPE.with(this, VIABLE_RELAY, microsPerMib);
  }

  /** Returns these bounds with other losses of lossy paths and of bursts, in thousandths. */
  public RepairConfig withLosses(int lossyPermille, int burstPermille) {
    return SHAPE.with(SHAPE.with(this, LOSSY_FROM, lossyPermille), BURST_LOSS, burstPermille);
  }

  /** Returns these bounds with other net gains for extra repair, in micro-points. */
  public RepairConfig withNetGains(long trickle, long burst, long multiPeer) {
    RepairConfig changed = SHAPE.with(SHAPE.with(this, TRICKLE_NET, trickle), BURST_NET, burst);
    return SHAPE.with(changed, MULTI_PEER_NET, multiPeer);
  }

  private static NumberField<RepairConfig> micros(
      String name, ToLongFunction<RepairConfig> get, long usual) {
    return FIELDS.number(name, get).atLeast(0).orElse(usual);
  }

  private static NumberField<RepairConfig> share(
      String name, ToLongFunction<RepairConfig> get, int usual) {
    return FIELDS.number(name, get).narrow().between(0, 1_000).orElse(usual);
  }
}
