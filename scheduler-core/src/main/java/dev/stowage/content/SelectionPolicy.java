package dev.stowage.content;

import static dev.stowage.content.SelectionPolicy.StandardPolicy.Ranking.DEADLINE_FIRST;
import static dev.stowage.content.SelectionPolicy.StandardPolicy.Ranking.PREFIX_FIRST;

import dev.stowage.content.ContentItem.ItemDetails;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader.HeaderDifference;
import dev.stowage.pressure.PressureGauge.PressurePolicy;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The ranking of items, replaceable by the host. A policy must be pure: it ranks an item once, when
 * the item is queued, and classes and bands once, when the scheduler is created. An item for which
 * it throws or returns NaN is refused. Evidence headers hold its name and parameters.
 *
 * <p>The order within a class and flow is: greater merit, smaller tie-break, greater efficiency,
 * older, smaller id.
 */
public interface SelectionPolicy {
  /** The least merit that no size outweighs, 2^100: such items rank by merit in every band. */
  double URGENT_MERIT = 0x1p100;

  /** Returns the policy that ranks by utility per cost. */
  static StandardPolicy efficiency() {
    return standard(StandardPolicy.Ranking.EFFICIENCY);
  }

  /** Returns the policy that ranks pieces of an object in ascending order. */
  static StandardPolicy prefixFirst() {
    return standard(StandardPolicy.Ranking.PREFIX_FIRST);
  }

  /** Returns the policy that ranks by earliest deadline, however distant, then by efficiency. */
  static StandardPolicy deadlineFirst() {
    return standard(StandardPolicy.Ranking.DEADLINE_FIRST);
  }

  private static StandardPolicy standard(StandardPolicy.Ranking ranking) {
    return new StandardPolicy(ranking, Fairness.DEFICIT_ROUND_ROBIN, PressurePolicy.DEFAULT);
  }

  /** Returns the name recorded in evidence. */
  String name();

  /** Returns the parameters as recorded in evidence. */
  default SortedMap<String, String> parameters() {
    return Collections.emptySortedMap();
  }

  /** Returns the merit within class and flow, greater first; NaN refuses the item. */
  double merit(ContentItem item);

  /** Returns the order among items of equal merit, smaller first. */
  default long tieBreak(ContentItem item) {
    return 0;
  }

  /** Returns the order of a class, greater first; classes of equal weight order by rank. */
  default int weight(PriorityClass priorityClass) {
    return priorityClass.rank();
  }

  /** Reports whether a band holds a class back. */
  default boolean holds(PressureBand band, PriorityClass priorityClass) {
    return switch (band) {
      case NORMAL -> false;
      case ELEVATED ->
          priorityClass == PriorityClass.PREFETCH || priorityClass == PriorityClass.TELEMETRY;
      case HIGH -> priorityClass.rank() < PriorityClass.PROOF.rank();
      case CRITICAL ->
          priorityClass != PriorityClass.CONTROL && priorityClass != PriorityClass.ACK_BITMAP;
    };
  }

  /** Reports whether smaller items go first, behind finite merits from {@link #URGENT_MERIT}. */
  default boolean prefersSmall(PressureBand band) {
    return band == PressureBand.ELEVATED;
  }

  /** Returns the bounds of the pressure bands. */
  default PressurePolicy pressure() {
    return PressurePolicy.DEFAULT;
  }

  /** Returns the sharing among flows. */
  default Fairness fairness() {
    return Fairness.DEFICIT_ROUND_ROBIN;
  }

  /** Returns the deadline horizon in nanoseconds; {@code configured} is the scheduler's. */
  default long deadlineHorizonNanos(long configured) {
    return configured;
  }

  /** The sharing of a class among flows. */
  public enum Fairness {
    /** Deficit round robin: flows take turns by bytes. */
    DEFICIT_ROUND_ROBIN,
    /** The best item goes first, whatever its flow. */
    OFF
  }

  /** A policy of the library, which replays know by its ranking, fairness and bounds of bands. */
  public record StandardPolicy(
      Ranking ranking,
      @Declare(or = "DEFICIT_ROUND_ROBIN") Fairness fairness,
      @Declare(or = "DEFAULT") PressurePolicy pressure)
      implements SelectionPolicy {
    static final Shape<StandardPolicy> SHAPE = Shape.derived("policy", StandardPolicy.class);

    /** The form of a recorded policy; reading a host's own is a mismatch. */
    static final Form<SelectionPolicy> FORM =
        Forms.of(
            Forms.optional(Forms.row(SHAPE)),
            read -> read.orElseThrow(StandardPolicy::foreign),
            policy -> policy instanceof StandardPolicy ours ? Optional.of(ours) : Optional.empty());

    /** The order of the items within a class and flow. */
    public enum Ranking {
      /** The most utility per cost first. */
      EFFICIENCY("efficiency"),
      /** The pieces of an object in ascending order. */
      PREFIX_FIRST("prefixFirst"),
      /** The earliest deadline first, however distant, then by efficiency. */
      DEADLINE_FIRST("deadlineFirst");

      private final String policy;

      Ranking(String policy) {
        this.policy = policy;
      }
    }

    /** Throws {@link NullPointerException} if a component is null. */
    public StandardPolicy {
      Objects.requireNonNull(ranking, "ranking");
      Objects.requireNonNull(fairness, "fairness");
      Objects.requireNonNull(pressure, "pressure");
    }

    @Override
    public String name() {
      return ranking.policy;
    }

    @Override
    public double merit(ContentItem item) {
      return ranking == PREFIX_FIRST ? 0 : item.efficiency();
    }

    @Override
    public long tieBreak(ContentItem item) {
      ItemDetails.Piece piece = item.details().pieceOrNull();
      return ranking == PREFIX_FIRST && piece != null ? piece.index() : 0;
    }

    @Override
    public long deadlineHorizonNanos(long configured) {
      return ranking == DEADLINE_FIRST ? Long.MAX_VALUE : configured;
    }

    private static EvidenceException foreign() {
      return new EvidenceException.Mismatch(
          List.of(
              new HeaderDifference(
                  "attributes.content.policy", "one of the library's", "a host's")));
    }
  }
}
