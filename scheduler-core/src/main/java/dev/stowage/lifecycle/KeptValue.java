package dev.stowage.lifecycle;

import dev.stowage.answer.LeaderStanding;
import dev.stowage.command.Annex;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.evidence.canonical.CanonicalReader;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlan.KeptBack;
import dev.stowage.rebalance.AvoidList;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Declares a value that a part keeps beside the rows, in an annex of its kind: the shape, the value
 * of a fleet that keeps none, and the effect of a reset of time. Immutable and thread-safe.
 */
public final class KeptValue<T> {
  /** The remembered moves of the rebalancer. */
  public static final KeptValue<List<MoveRecord>> MOVES =
      list("rebalance/moves/3", Shape.of(MoveRecord.class), MoveRecord::begunAt);

  /** The workers that plans avoid. */
  public static final KeptValue<List<AvoidList.Entry>> AVOIDED =
      list("rebalance/avoided/2", Shape.of(AvoidList.Entry.class), AvoidList.Entry::begunAt);

  /** The settings of the leader's rebalancer; none if it has none. */
  public static final KeptValue<List<RebalanceConfig>> REBALANCERS =
      list("rebalance/settings/1", Shape.of(RebalanceConfig.class), (value, now) -> value);

  /** The leader's newest sample of pressure. */
  public static final KeptValue<ObservedPressure> OBSERVED_PRESSURE =
      new KeptValue<>(
          "pressure/observed/2",
          ObservedPressure.SHAPE,
          ObservedPressure.NONE,
          (value, now) -> value.notAfter(now.value()));

  /** The largest incarnation of purged workers, which has no tick. */
  public static final KeptValue<Long> PURGED_LIVES =
      new KeptValue<>(
          "lifecycle/purged-incarnations/1",
          Shape.of(
              "purged_incarnations",
              row -> {
                var largest = row.number("largest", Long::longValue);
                return largest::of;
              }),
          0L,
          (value, now) -> value);

  /** The copies that workers reported as complete. */
  public static final KeptValue<Moved> MOVED =
      new KeptValue<>("lifecycle/moved/1", Moved.SHAPE, Moved.NONE, Moved::begunAt);

  /** The copies that the last plan left to later ones; no ticks. */
  public static final KeptValue<KeptBack> KEPT_BACK =
      new KeptValue<>(
          "lifecycle/kept-back/1", Shape.of(KeptBack.class), KeptBack.NONE, (value, now) -> value);

  /** Keeps for ever that {@link LifecycleConfig#holdUntil} was met once; it has no tick. */
  public static final KeptValue<Boolean> HOLD_OVER =
      new KeptValue<>(
          "lifecycle/hold-over/1",
          Shape.of(
              "hold",
              row -> {
                var over = row.flag("over", Boolean::booleanValue);
                return over::of;
              }),
          false,
          (value, now) -> value);

  /** The former floors of segments whose chunks do not all have their raised ones; no ticks. */
  public static final KeptValue<List<FormerFloor>> FORMER_FLOORS =
      list("lifecycle/former-floors/1", FormerFloor.SHAPE, (value, now) -> value);

  /** Keeps what only the leader knows of how the fleet stands; it has no tick. */
  public static final KeptValue<LeaderStanding> LEADER_STANDING =
      new KeptValue<>(
          "leader/standing/2",
          Shape.of(LeaderStanding.class),
          LeaderStanding.NONE,
          (value, now) -> value);

  /** All kept values. */
  public static final List<KeptValue<?>> ALL =
      List.of(
          MOVES,
          AVOIDED,
          REBALANCERS,
          OBSERVED_PRESSURE,
          PURGED_LIVES,
          MOVED,
          KEPT_BACK,
          HOLD_OVER,
          FORMER_FLOORS,
          LEADER_STANDING);

  private static final byte[] NOTHING = {};

  private final String kind;
  private final Shape<T> shape;
  private final T empty;
  private final BiFunction<T, Tick, T> reset;

  private KeptValue(String kind, Shape<T> shape, T empty, BiFunction<T, Tick, T> reset) {
    this.kind = kind;
    this.shape = shape;
    this.empty = empty;
    this.reset = reset;
  }

  private static <E> KeptValue<List<E>> list(
      String kind, Shape<E> element, BiFunction<E, Tick, E> reset) {
    Shape<List<E>> shape =
        Shape.of(
            element.name() + "s",
            row -> {
              var all = row.list("all", (List<E> list) -> list, Forms.row(element));
              return all::of;
            });
    return new KeptValue<>(
        kind,
        shape,
        List.of(),
        (list, now) -> list.stream().map(each -> reset.apply(each, now)).toList());
  }

  /** Returns the kind of the annex. */
  public String kind() {
    return kind;
  }

  /**
   * Returns the value in an annex of this kind, the empty value for null and without content.
   * Throws {@code IllegalArgumentException} if its bytes cannot be read.
   */
  public T of(@Nullable Annex annex) {
    if (annex == null || annex.content().length == 0) {
      return empty;
    }
    try {
      CanonicalReader in = CanonicalReader.of(annex.content());
      T value = shape.checked(shape.read(in));
      in.end();
      return value;
    } catch (RuntimeException refused) {
      // Values throw different exceptions for unreadable bytes; callers get one.
      throw new IllegalArgumentException(
          "annex "
              + kind
              + ": "
              + refused.getMessage()
              + "; replace it by an empty one (LeaderCommand.Keep)",
          refused);
    }
  }

  /** Returns the annex of a value, without content for the empty one. */
  public Annex with(T value) {
    if (value.equals(empty)) {
      return new Annex(kind, NOTHING);
    }
    CanonicalWriter out = new CanonicalWriter();
    shape.write(value, out);
    return new Annex(kind, out.toBytes());
  }

  private Annex after(Annex annex, Tick now) {
    return with(reset.apply(of(annex), now));
  }

  private static Optional<KeptValue<?>> declaredFor(Annex annex) {
    return ALL.stream().filter(each -> each.kind.equals(annex.kind())).findFirst();
  }

  /** Returns the reason to refuse an annex of a declared kind; empty for hosts' annexes. */
  public static Optional<String> refusal(Annex annex) {
    try {
      declaredFor(annex).ifPresent(declared -> declared.of(annex));
      return Optional.empty();
    } catch (IllegalArgumentException unreadable) {
      return Optional.ofNullable(unreadable.getMessage());
    }
  }

  /**
   * Returns an annex after a reset of time to {@code now}: stamps ahead become {@code now}, windows
   * begin anew. Hosts' annexes stay; so do unreadable ones, which their readers refuse.
   */
  public static Annex resetTime(Annex annex, Tick now) {
    return refusal(annex).isPresent()
        ? annex
        : declaredFor(annex).map(declared -> declared.after(annex, now)).orElse(annex);
  }
}
