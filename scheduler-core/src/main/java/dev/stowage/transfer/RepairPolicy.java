package dev.stowage.transfer;

import static dev.stowage.shape.RecordShapes.flag;
import static dev.stowage.shape.RecordShapes.number;
import static dev.stowage.shape.RecordShapes.shape;

import dev.stowage.content.RepairConfig;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayable;
import dev.stowage.evidence.parts.Outcomes;
import dev.stowage.evidence.parts.PartKind;
import dev.stowage.evidence.parts.RecordWriter;
import dev.stowage.evidence.parts.Recorded;
import dev.stowage.pressure.Nanos;
import dev.stowage.shape.Shape;
import dev.stowage.transfer.RepairRecords.Asked;
import dev.stowage.transfer.RepairRecords.Input;
import dev.stowage.transfer.RepairRecords.ModeAsked;
import dev.stowage.transfer.RepairRecords.ModeChosen;
import dev.stowage.transfer.RepairRecords.Outcome;
import dev.stowage.transfer.RepairRecords.Used;
import dev.stowage.transfer.RepairRecords.Wait;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether repair symbols are worth sending, and of which kind; all in integers, saturating.
 *
 * <p>{@code gross = saved + saved * resume / 1000}; {@code cost = encode + decode + bytes *
 * bandwidth / 1 MiB + gross * memory / 1000 + gross * contention / 1000}, and where a relay is used
 * its own cost; {@code net = gross - cost}. The gates are asked in the order of {@link #decide};
 * the first that closes decides. Belongs to one thread at a time, because it remembers when each
 * mode was used.
 */
public final class RepairPolicy {
  private static final PartKind<RepairConfig> KIND =
      new PartKind<>(
          "repair-policy",
          RepairRecords.ALL,
          RepairConfig.SHAPE,
          (config, log) -> recording(config, log).shell);

  private static final long MIB = 1L << 20;

  private final RepairConfig config;
  private final Map<Mode, Long> usedAtMicros = new EnumMap<>(Mode.class);

  private final Recorded<Input, Outcome> shell;

  /** Makes a policy with the default bounds, of which no mode was used yet. */
  public RepairPolicy() {
    this(RepairConfig.DEFAULT);
  }

  /** Makes a policy of which no mode was used yet. */
  public RepairPolicy(RepairConfig config) {
    this(config, RecordWriter.none());
  }

  private RepairPolicy(RepairConfig config, RecordWriter log) {
    this.config = Objects.requireNonNull(config, "config");
    shell = new Recorded<>(log, RepairRecords.ALL, this::apply);
  }

  /** Makes a policy that records what {@link #judge}, {@link #mode} and {@link #use} do. */
  public static RepairPolicy recording(RepairConfig config, EvidenceLog log) {
    return new RepairPolicy(config, RecordWriter.into(log));
  }

  /** What is sent. */
  public enum Action {
    /** Nothing is repaired. */
    OFF,
    /** Exactly what was lost is sent again. */
    EXACT_RETRANSMIT,
    /** A few symbols along with the data. */
    PARITY_TRICKLE,
    /** Many symbols at once. */
    BURST_REPAIR,
    /** Symbols from several peers. */
    MULTI_PEER,
    /** Symbols by way of a relay. */
    RELAY_REPAIR
  }

  /** What a transfer is like, each with the least time between two uses. */
  public enum Mode {
    /** The last few pieces are missing. */
    TAIL(100_000),
    /** The path loses symbols. */
    LOSSY(250_000),
    /** The transfer goes on after a pause. */
    RESUME(200_000),
    /** Only an expensive relay is left. */
    RELAY_EXPENSIVE(500_000),
    /** The receiver moves between networks. */
    MOBILE_UNSTABLE(750_000),
    /** The way is very long. */
    SATELLITE(1_000_000),
    /** Many receive the same. */
    BROADCAST(1_000_000),
    /** Many send and receive. */
    SWARM(500_000);

    private final long cooldownMicros;

    Mode(long cooldownMicros) {
      this.cooldownMicros = cooldownMicros;
    }

    /** The least time between two uses, in microseconds. */
    public long cooldownMicros() {
      return cooldownMicros;
    }
  }

  /**
   * What the mode is chosen from.
   *
   * @param broadcastPeers peers that receive the same
   * @param swarm whether they also send
   * @param migrations how often the receiver changed networks
   * @param relayExpensive whether only an expensive relay is left
   * @param rttMillis the round trip
   * @param missingPieces pieces that are missing at the end
   */
  public record Situation(
      int broadcastPeers,
      boolean swarm,
      int migrations,
      boolean relayExpensive,
      long rttMillis,
      long missingPieces) {
    static final Shape<Situation> SHAPE =
        Shape.of(
            "situation",
            row -> {
              var peers = row.number("broadcast_peers", Situation::broadcastPeers).narrow();
              var swarm = row.flag("swarm", Situation::swarm);
              var migrations = row.number("migrations", Situation::migrations).narrow();
              var expensive = row.flag("relay_expensive", Situation::relayExpensive);
              var rtt = row.number("rtt_millis", Situation::rttMillis);
              var missing = row.number("missing_pieces", Situation::missingPieces);
              return v ->
                  new Situation(
                      peers.intOf(v),
                      swarm.of(v),
                      migrations.intOf(v),
                      expensive.of(v),
                      rtt.of(v),
                      missing.of(v));
            });
  }

  /**
   * A relay that could be used.
   *
   * @param only whether there is no other way
   * @param microsPerMib what a mebibyte costs over it
   */
  public record Relay(boolean only, long microsPerMib) {
    static final Shape<Relay> SHAPE =
        shape(
            "repair_relay",
            flag("only", Relay::only),
            number("micros_per_mib", Relay::microsPerMib),
            Relay::new);
  }

  /**
   * A decision, with everything it was made from, in a fixed order.
   *
   * @param action what is sent
   * @param grossMicros what it brings
   * @param costMicros what it costs
   * @param netMicros the difference
   * @param blockedBy why nothing is sent; empty where something is
   * @param factors what it was made from
   */
  public record Decided(
      Action action,
      long grossMicros,
      long costMicros,
      long netMicros,
      String blockedBy,
      RepairFactors factors)
      implements Outcome {
    static final Shape<Decided> SHAPE =
        Shape.of(
            "repair_decided",
            row -> {
              var action = row.oneOf("action", Action.class, Decided::action);
              var gross = row.number("gross_micros", Decided::grossMicros);
              var cost = row.number("cost_micros", Decided::costMicros);
              var net = row.number("net_micros", Decided::netMicros);
              var blocked = row.text("blocked_by", Decided::blockedBy);
              var factors = row.nested("factors", Decided::factors, RepairFactors.SHAPE);
              return v ->
                  new Decided(
                      action.of(v),
                      gross.of(v),
                      cost.of(v),
                      net.of(v),
                      blocked.of(v),
                      factors.of(v));
            });

    /** Ten factors on one line, always in the same order. */
    public String described() {
      return String.format(
          Locale.ROOT,
          "saved=%d encode=%d decode=%d bytes=%d memory=%d contention=%d loss=%d resume=%d"
              + " stability=%d peers=%d",
          factors.savedMicros(),
          factors.encodeMicros(),
          factors.decodeMicros(),
          factors.bytes(),
          factors.memoryPermille(),
          factors.contentionPermille(),
          factors.lossPermille(),
          factors.resumePermille(),
          factors.stabilityPermille(),
          factors.peers());
    }
  }

  /**
   * Returns what is to be sent. Depends on nothing but the bounds and its arguments.
   *
   * @param relay the relay that could be used, if there is one
   * @param manual what an operator asks for instead of the rules below the gates; null for the
   *     rules
   */
  public Decided decide(RepairFactors factors, @Nullable Relay relay, @Nullable Action manual) {
    long gross = gross(factors);
    long cost = cost(factors, gross);
    long net = minus(gross, cost);
    boolean resumeLikely = factors.resumePermille() >= config.likelyResumePermille();
    if (factors.memoryPermille() >= config.memoryBlocksFromPermille() && !resumeLikely) {
      return new Decided(Action.OFF, gross, cost, net, "blocked_by_memory_pressure", factors);
    }
    if (factors.contentionPermille() >= config.contentionBlocksFromPermille() && !resumeLikely) {
      return new Decided(Action.OFF, gross, cost, net, "blocked_by_contention", factors);
    }
    if (net < config.leastNetMicros()) {
      return new Decided(Action.OFF, gross, cost, net, "not_worth_it", factors);
    }
    if (manual != null) {
      return new Decided(manual, gross, cost, net, "", factors);
    }
    boolean wantsRelay =
        relay != null
            && relay.microsPerMib() <= config.viableRelayMicrosPerMib()
            && (relay.only() || factors.stabilityPermille() < config.unstableBelowPermille());
    if (relay != null && wantsRelay) {
      return overRelay(factors, gross, plus(cost, perMib(factors.bytes(), relay.microsPerMib())));
    }
    return new Decided(direct(factors, net), gross, cost, net, "", factors);
  }

  /** The relay's own cost is part of the sum; if it eats the gain nothing is sent. */
  private Decided overRelay(RepairFactors factors, long gross, long cost) {
    long net = minus(gross, cost);
    return net < config.leastNetMicros()
        ? new Decided(Action.OFF, gross, cost, net, "relay_costs_too_much", factors)
        : new Decided(Action.RELAY_REPAIR, gross, cost, net, "", factors);
  }

  private Action direct(RepairFactors factors, long net) {
    if (factors.peers() >= 2
        && net >= config.multiPeerNetMicros()
        && factors.lossPermille() >= config.burstLossPermille()) {
      return Action.MULTI_PEER;
    }
    if (factors.lossPermille() >= config.burstLossPermille() && net >= config.burstNetMicros()) {
      return Action.BURST_REPAIR;
    }
    boolean trickles =
        factors.lossPermille() >= config.lossyFromPermille()
            || factors.resumePermille() >= config.likelyResumePermille();
    return trickles && net >= config.trickleNetMicros()
        ? Action.PARITY_TRICKLE
        : Action.EXACT_RETRANSMIT;
  }

  /** Decides as {@link #decide} does, and records it. */
  public Decided judge(RepairFactors factors, @Nullable Relay relay, @Nullable Action manual) {
    return (Decided) shell.answer(new Asked(factors, relay, manual));
  }

  /** Chooses the mode as {@link #modeOf} does, and records it. */
  public Mode mode(RepairFactors factors, Situation situation) {
    return ((ModeChosen) shell.answer(new ModeAsked(factors, situation))).mode();
  }

  private void apply(Input input, Outcomes<Outcome> to) {
    if (input instanceof Asked asked) {
      to.add(decide(asked.factors(), asked.relay(), asked.manual()));
    } else if (input instanceof ModeAsked asked) {
      to.add(new ModeChosen(modeOf(asked.factors(), asked.situation())));
    } else if (input instanceof Used used) {
      to.add(new Wait(tryUse(used.mode(), used.atMicros())));
    }
  }

  /** What a transfer is like: the first of the modes, in their order of precedence, that fits. */
  public Mode modeOf(RepairFactors factors, Situation situation) {
    if (situation.broadcastPeers() >= 8) {
      return Mode.BROADCAST;
    }
    if (situation.swarm()) {
      return Mode.SWARM;
    }
    if (situation.migrations() >= 1
        || factors.stabilityPermille() < config.unstableBelowPermille()) {
      return Mode.MOBILE_UNSTABLE;
    }
    if (situation.relayExpensive()) {
      return Mode.RELAY_EXPENSIVE;
    }
    if (factors.resumePermille() >= config.likelyResumePermille()) {
      return Mode.RESUME;
    }
    if (situation.rttMillis() >= 500) {
      return Mode.SATELLITE;
    }
    if (situation.missingPieces() >= 1) {
      return Mode.TAIL;
    }
    return factors.lossPermille() >= config.lossyFromPermille() ? Mode.LOSSY : Mode.TAIL;
  }

  /**
   * Uses a mode, unless it was used too short a time ago.
   *
   * @return microseconds to wait; empty if the mode was free and is used now. When exactly the
   *     cooldown has passed it is free
   */
  public OptionalLong use(Mode mode, long nowMicros) {
    long wait = ((Wait) shell.answer(new Used(mode, nowMicros))).micros();
    return wait == 0 ? OptionalLong.empty() : OptionalLong.of(wait);
  }

  private long tryUse(Mode mode, long nowMicros) {
    Long before = usedAtMicros.get(mode);
    long passed = before == null ? Long.MAX_VALUE : Nanos.between(before, nowMicros);
    if (passed < mode.cooldownMicros()) {
      return mode.cooldownMicros() - passed;
    }
    usedAtMicros.put(mode, nowMicros);
    return 0;
  }

  /** Returns what a log must begin with for such a policy to be run again. */
  public static EvidenceHeader header(RepairConfig config, String libraryVersion) {
    return KIND.header(config, libraryVersion);
  }

  /** Makes fresh policies, for replay. */
  public static Replayable.Factory factory() {
    return KIND;
  }

  private static long gross(RepairFactors factors) {
    return plus(factors.savedMicros(), permille(factors.savedMicros(), factors.resumePermille()));
  }

  private long cost(RepairFactors factors, long gross) {
    long own = plus(factors.encodeMicros(), factors.decodeMicros());
    long bandwidth = perMib(factors.bytes(), config.bandwidthMicrosPerMib());
    long strain =
        plus(
            permille(gross, factors.memoryPermille()),
            permille(gross, factors.contentionPermille()));
    return plus(plus(own, bandwidth), strain);
  }

  /** {@code value * permille / 1000}, rounded down, without a product that could wrap. */
  private static long permille(long value, int permille) {
    return value / 1_000 * permille + value % 1_000 * permille / 1_000;
  }

  /** {@code bytes * micros / 1 MiB}, rounded down, saturating. */
  private static long perMib(long bytes, long micros) {
    long whole = bytes / MIB;
    long part = bytes % MIB;
    if (micros != 0 && (whole > Long.MAX_VALUE / micros || part > Long.MAX_VALUE / micros)) {
      return Long.MAX_VALUE;
    }
    return plus(whole * micros, part * micros / MIB);
  }

  private static long plus(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  private static long minus(long a, long b) {
    // both are at least 0, so the difference always fits
    return a - b;
  }
}
