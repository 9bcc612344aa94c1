package dev.stowage.pressure;

import static dev.stowage.shape.RecordShapes.number;
import static dev.stowage.shape.RecordShapes.shape;
import static dev.stowage.shape.RecordShapes.text;

import dev.stowage.evidence.parts.Outcomes;
import dev.stowage.evidence.parts.RecordWriter;
import dev.stowage.evidence.parts.Recorded;
import dev.stowage.pressure.PressureRecords.Decision;
import dev.stowage.pressure.PressureRecords.Input;
import dev.stowage.pressure.PressureRecords.PeerSeen;
import dev.stowage.pressure.PressureRecords.ReliefAsked;
import dev.stowage.pressure.PressureRecords.ReliefChosen;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The pressure that peers report, and the choice of one for relief. Not thread-safe. */
public final class PeerHints {
  /** The pressure below which a peer can give relief. */
  public static final double RELIEF_BELOW = 0.7;

  /** The time that a relief stands: 30 s. */
  public static final long RELIEF_NANOS = 30 * Nanos.PER_SECOND;

  /** The time after which an unseen peer is forgotten: 30 s. */
  public static final long FORGET_AFTER_NANOS = 30 * Nanos.PER_SECOND;

  /** The least time between two choices: 1 s. */
  public static final long COORDINATION_NANOS = Nanos.PER_SECOND;

  private static final int LEAST_SWEEP = 64;

  private final TreeMap<String, Hint> hints = new TreeMap<>();
  private @Nullable Relief chosen;
  private long chosenAtNanos;
  private boolean coordinated;
  private int sweepAbove = LEAST_SWEEP;

  private record Hint(double pressure, boolean available, long seenAtNanos) {}

  private final Recorded<Input, Decision> shell;

  /** Creates hints without peers. */
  public PeerHints() {
    this(RecordWriter.none());
  }

  PeerHints(RecordWriter log) {
    shell = new Recorded<>(log, PressureRecords.ALL, this::apply);
  }

  /** A peer that can take work until {@code untilNanos}. */
  public record Relief(String peer, long untilNanos) {
    static final Form<Optional<Relief>> OPTIONAL =
        Forms.optional(
            Forms.row(
                shape(
                    "peer_relief",
                    text("peer", Relief::peer),
                    number("until_nanos", Relief::untilNanos),
                    Relief::new)));
  }

  void apply(Input input, Outcomes<Decision> to) {
    if (input instanceof PeerSeen seen) {
      boolean isReading = seen.pressure() >= 0 && seen.pressure() <= 1;
      double read = isReading ? seen.pressure() : 1.0;
      hints.put(seen.peer(), new Hint(read, seen.available(), seen.atNanos()));
      if (hints.size() > sweepAbove) {
        // A host may name peers and never ask for relief.
        forget(seen.atNanos());
        sweepAbove = Math.max(LEAST_SWEEP, 2 * hints.size());
      }
    } else if (input instanceof ReliefAsked asked) {
      to.add(new ReliefChosen(choice(asked.atNanos())));
    }
  }

  /** Records that a peer is available at {@code pressure}; outside 0 to 1 it reads as 1.0. */
  public void available(String peer, double pressure, long nowNanos) {
    see(peer, true, pressure, nowNanos);
  }

  /** Records that a peer takes no work. */
  public void unavailable(String peer, long nowNanos) {
    see(peer, false, 1.0, nowNanos);
  }

  private void see(String peer, boolean available, double pressure, long nowNanos) {
    Objects.requireNonNull(peer, "peer");
    shell.apply(new PeerSeen(peer, available, pressure, nowNanos));
  }

  /** Returns the number of peers remembered at {@code nowNanos}. */
  public int count(long nowNanos) {
    return (int) hints.values().stream().filter(hint -> !isForgotten(hint, nowNanos)).count();
  }

  /** Returns the available peer with the least pressure, the first by name among equals. */
  public Optional<Relief> relief(long nowNanos) {
    return ((ReliefChosen) shell.answer(new ReliefAsked(nowNanos))).relief();
  }

  /** Returns the relief in force, renewed if due; does not record it. */
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

  /** Returns the number of peers kept, forgotten or not. */
  int size() {
    return hints.size();
  }

  private static boolean isForgotten(Hint hint, long nowNanos) {
    return Nanos.between(hint.seenAtNanos(), nowNanos) > FORGET_AFTER_NANOS;
  }
}
