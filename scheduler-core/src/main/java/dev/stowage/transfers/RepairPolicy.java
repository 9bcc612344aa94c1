package dev.stowage.transfers;

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
import dev.stowage.transfers.RepairRecords.Asked;
import dev.stowage.transfers.RepairRecords.Input;
import dev.stowage.transfers.RepairRecords.ModeAsked;
import dev.stowage.transfers.RepairRecords.ModeChosen;
import dev.stowage.transfers.RepairRecords.Outcome;
import dev.stowage.transfers.RepairRecords.Used;
import dev.stowage.transfers.RepairRecords.Wait;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Decides on repair symbols, in saturating integers. {@code gross = saved + saved * resume / 1000};
 * {@code cost = encode + decode + bytes * bandwidth / 1 MiB + gross * memory / 1000 + gross *
 * contention / 1000}, plus a relay's own cost; {@code net = gross - cost}. Not thread-safe.
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

  public RepairPolicy() {
    this(RepairConfig.DEFAULT);
  }

  public RepairPolicy(RepairConfig config) {
    this(config, RecordWriter.none());
  }

  private RepairPolicy(RepairConfig config, RecordWriter log) {
    this.config = Objects.requireNonNull(config, "config");
    shell = new Recorded<>(log, RepairRecords.ALL, this::apply);
  }

  public static RepairPolicy recording(RepairConfig config, EvidenceLog log) {
    return new RepairPolicy(config, RecordWriter.into(log));
  }

  public enum Action {
    OFF,
    /** Sends exactly the lost bytes again. */
    EXACT_RETRANSMIT,
    /** Sends a few symbols along with the data. */
    PARITY_TRICKLE,
    BURST_REPAIR,
    MULTI_PEER,
    RELAY_REPAIR
  }

  /** The mode of a transfer, with the least time between two uses in microseconds. */
  public enum Mode {
    TAIL(100_000),
    LOSSY(250_000),
    RESUME(200_000),
    RELAY_EXPENSIVE(500_000),
    MOBILE_UNSTABLE(750_000),
    SATELLITE(1_000_000),
    BROADCAST(1_000_000),
    SWARM(500_000);

    private final long cooldownMicros;

    Mode(long cooldownMicros) {
      this.cooldownMicros = cooldownMicros;
    }

    public long cooldownMicros() {
      return cooldownMicros;
    }
  }

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

  /** A relay, perhaps the only path, and its price in micro-points per MiB. */
  public record Relay(boolean only, long microsPerMib) {
    static final Shape<Relay> SHAPE =
        shape(
            "repair_relay",
            flag("only", Relay::only),
            number("micros_per_mib", Relay::microsPerMib),
            Relay::new);
  }

  /** A decision in micro-points; {@code blockedBy} is empty if something is sent. */
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

  /** Returns the decision of the first gate that closes; {@code manual} replaces later rules. */
  Decided decide(RepairFactors factors, @Nullable Relay relay, @Nullable Action manual) {
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

  Decided judge(RepairFactors factors, @Nullable Relay relay, @Nullable Action manual) {
    return (Decided) shell.answer(new Asked(factors, relay, manual));
  }

  Mode mode(RepairFactors factors, Situation situation) {
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

  /** Returns the first mode that fits, in their order of precedence. */
  Mode modeOf(RepairFactors factors, Situation situation) {
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

  /** Uses a mode if its cooldown has passed; otherwise returns the microseconds to wait. */
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

  public static EvidenceHeader header(RepairConfig config, String libraryVersion) {
    return KIND.header(config, libraryVersion);
  }

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

  /** Returns {@code value * permille / 1000}, rounded down, without overflow. */
  private static long permille(long value, int permille) {
    return value / 1_000 * permille + value % 1_000 * permille / 1_000;
  }

  /** Returns {@code bytes * micros / 1 MiB}, rounded down, saturating. */
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
