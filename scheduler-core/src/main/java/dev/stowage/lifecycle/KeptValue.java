package dev.stowage.lifecycle;

import dev.stowage.evidence.EvidenceException;
import dev.stowage.model.Tick;
import dev.stowage.rebalance.AvoidList;
import dev.stowage.rebalance.MoveRecord;
import java.util.Arrays;
import java.util.Optional;

/** The values that parts keep beside the rows, and the effect of a reset of time on each. */
public enum KeptValue {
  /** The remembered moves of the rebalancer. */
  MOVES("rebalance/moves/1", MoveRecord::resetTime),
  /** The workers that plans avoid. */
  AVOIDED("rebalance/avoided/1", AvoidList::resetTime),
  /** The leader's newest sample of pressure. */
  OBSERVED_PRESSURE("pressure/observed/1", ObservedPressure::resetTime),
  /** The largest incarnation of purged workers, which has no tick. */
  PURGED_LIVES("lifecycle/purged-incarnations", (content, now) -> content);

  private static final byte[] NOTHING = {};

  private final String kind;

  // Each is a method reference without state.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Reset reset;

  private interface Reset {
    byte[] of(byte[] content, Tick now);
  }

  KeptValue(String kind, Reset reset) {
    this.kind = kind;
    this.reset = reset;
  }

  /** Returns the kind of the annex. */
  public String kind() {
    return kind;
  }

  /** Returns the annex with this content. */
  public Annex with(byte[] content) {
    return new Annex(kind, content);
  }

  /** Returns the content that a fleet keeps; empty if it keeps none. */
  public byte[] of(LifecycleView view) {
    return view.annex(kind).map(Annex::content).orElse(NOTHING);
  }

  /**
   * Returns an annex after a reset of time to {@code now}: stamps ahead become {@code now}, windows
   * begin anew. Hosts' annexes stay; so do unreadable ones, which their readers refuse.
   */
  public static Annex resetTime(Annex annex, Tick now) {
    Optional<KeptValue> known =
        Arrays.stream(values()).filter(each -> each.kind.equals(annex.kind())).findFirst();
    if (known.isEmpty() || annex.content().length == 0) {
      return annex;
    }
    try {
      return known.get().with(known.get().reset.of(annex.content(), now));
    } catch (IllegalArgumentException | EvidenceException unreadable) {
      return annex;
    }
  }
}
