package dev.stowage.pressure;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.parts.RecordWriter;
import dev.stowage.pressure.recording.PressureRecords;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What peers said about themselves, and which of them could relieve us. Peers unseen for 30 s are
 * forgotten. The choice is renewed at most once a second. Not thread-safe.
 */
public final class PeerHints {
  /** A peer with pressure below this can help. */
  public static final double RELIEF_BELOW = 0.7;

  /** How long a relief stands: 30 s. */
  public static final long RELIEF_NANOS = 30 * Nanos.PER_SECOND;

  /** A peer unseen for longer than this is forgotten: 30 s. */
  public static final long FORGET_AFTER_NANOS = 30 * Nanos.PER_SECOND;

  /** Least time between two choices: 1 s. */
  public static final long COORDINATION_NANOS = Nanos.PER_SECOND;

  private final TreeMap<String, Hint> hints = new TreeMap<>();
  private @Nullable Relief chosen;
  private long chosenAtNanos;
  private boolean coordinated;

  private record Hint(double pressure, boolean available, long seenAtNanos) {}

  private final RecordWriter records;

  /** Nobody has said anything yet. */
  public PeerHints() {
    this(RecordWriter.none());
  }

  PeerHints(RecordWriter records) {
    this.records = records;
  }

  /**
   * A peer that could take work.
   *
   * @param peer its name
   * @param untilNanos until when that may be relied on
   */
  public record Relief(String peer, long untilNanos) {}

  /** A peer says that it can be reached, and how strained it is; not a reading counts as 1.0. */
  public void available(String peer, double pressure, long nowNanos) {
    double read = pressure >= 0 && pressure <= 1 ? pressure : 1.0;
    recordSeen(peer, true, pressure, nowNanos);
    hints.put(Objects.requireNonNull(peer, "peer"), new Hint(read, true, nowNanos));
  }

  /** A peer says that it cannot take anything. */
  public void unavailable(String peer, long nowNanos) {
    recordSeen(peer, false, 1.0, nowNanos);
    hints.put(Objects.requireNonNull(peer, "peer"), new Hint(1.0, false, nowNanos));
  }

  private void recordSeen(String peer, boolean available, double pressure, long nowNanos) {
    if (records.isOn()) {
      CanonicalWriter out = records.begin().string(peer).u8(available ? 1 : 0);
      RecordWriter.anyDouble(out, pressure);
      out.u64(nowNanos);
      records.end(PressureRecords.PEER_SEEN);
    }
  }

  /** How many peers are remembered at this time. */
  public int count(long nowNanos) {
    return (int) hints.values().stream().filter(hint -> !isForgotten(hint, nowNanos)).count();
  }

  /** The peer with the least pressure that can help, the first by name among equals. */
  public Optional<Relief> relief(long nowNanos) {
    if (records.isOn()) {
      records.begin().u64(nowNanos);
      records.end(PressureRecords.RELIEF_ASKED);
    }
    Optional<Relief> relief = choice(nowNanos);
    if (records.isOn()) {
      PressureRecords.relief(records.begin(), relief);
      records.end(PressureRecords.RELIEF);
    }
    return relief;
  }

  /** The relief in force, chosen anew if it has had its time; not recorded. */
  Optional<Relief> choice(long nowNanos) {
    if (!coordinated || Nanos.between(chosenAtNanos, nowNanos) >= COORDINATION_NANOS) {
      forget(nowNanos);
      chosen = choose(nowNanos);
      chosenAtNanos = nowNanos;
      coordinated = true;
    }
    return Optional.ofNullable(chosen);
  }

  private @Nullable Relief choose(long nowNanos) {
    String best = null;
    double least = RELIEF_BELOW;
    for (var entry : hints.entrySet()) {
      Hint hint = entry.getValue();
      if (hint.available() && hint.pressure() < least) {
        best = entry.getKey();
        least = hint.pressure();
      }
    }
    return best == null ? null : new Relief(best, Nanos.plus(nowNanos, RELIEF_NANOS));
  }

  private void forget(long nowNanos) {
    hints.values().removeIf(hint -> isForgotten(hint, nowNanos));
  }

  private static boolean isForgotten(Hint hint, long nowNanos) {
    return Nanos.between(hint.seenAtNanos(), nowNanos) > FORGET_AFTER_NANOS;
  }

  void replaySeen(CanonicalReader in) {
    String peer = in.string();
    boolean available = in.flag();
    double pressure = RecordWriter.anyDouble(in);
    if (available) {
      available(peer, pressure, in.u64());
    } else {
      unavailable(peer, in.u64());
    }
  }
}
