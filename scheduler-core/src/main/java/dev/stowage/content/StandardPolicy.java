package dev.stowage.content;

import static dev.stowage.content.StandardPolicy.Ranking.DEADLINE_FIRST;
import static dev.stowage.content.StandardPolicy.Ranking.PREFIX_FIRST;

import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader.HeaderDifference;
import dev.stowage.pressure.PressurePolicy;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/** A policy of the library, which replays know by its ranking, fairness and bounds of bands. */
public record StandardPolicy(Ranking ranking, Fairness fairness, PressurePolicy pressure)
    implements SelectionPolicy {
  private static final Shape<StandardPolicy> SHAPE =
      Shape.of(
          "policy",
          row -> {
            var ranking = row.oneOf("ranking", Ranking.class, StandardPolicy::ranking);
            var fairness = row.oneOf("fairness", Fairness.class, StandardPolicy::fairness);
            var pressure =
                row.nested("pressure", StandardPolicy::pressure, Shape.of(PressurePolicy.class));
            fairness.orElse(Fairness.DEFICIT_ROUND_ROBIN);
            pressure.orElse(PressurePolicy.DEFAULT);
            return v -> new StandardPolicy(ranking.of(v), fairness.of(v), pressure.of(v));
          });

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

  static StandardPolicy of(Ranking ranking) {
    return new StandardPolicy(ranking, Fairness.DEFICIT_ROUND_ROBIN, PressurePolicy.DEFAULT);
  }

  /** Returns this policy with another fairness. */
  public StandardPolicy withFairness(Fairness other) {
    return new StandardPolicy(ranking, other, pressure);
  }

  /** Returns this policy with other bounds of the pressure bands. */
  public StandardPolicy withPressure(PressurePolicy other) {
    return new StandardPolicy(ranking, fairness, other);
  }

  @Override
  public String name() {
    return ranking.policy;
  }

  @Override
  public SortedMap<String, String> parameters() {
    return Collections.emptySortedMap();
  }

  @Override
  public double merit(ContentItem item) {
    return ranking == PREFIX_FIRST ? 0 : item.efficiency();
  }

  @Override
  public long tieBreak(ContentItem item) {
    return ranking == PREFIX_FIRST
        ? item.details().piece().map(ItemDetails.Piece::index).orElse(0L)
        : 0;
  }

  @Override
  public long deadlineHorizonNanos(long configured) {
    return ranking == DEADLINE_FIRST ? Long.MAX_VALUE : configured;
  }

  private static EvidenceException foreign() {
    return new EvidenceException.Mismatch(
        List.of(
            new HeaderDifference("attributes.content.policy", "one of the library's", "a host's")));
  }
}
