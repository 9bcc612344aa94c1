package dev.stowage.propagation;

import dev.stowage.columns.Nanos;
import dev.stowage.columns.Utf8Order;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import java.util.Objects;

/** A recipient of assignments: a worker of its slice, or a portal of the routes. */
public sealed interface Recipient extends Comparable<Recipient> {
  /** Returns a worker as a recipient. */
  static Recipient of(WorkerId id) {
    return new OfWorker(id);
  }

  /** Returns a portal as a recipient. */
  static Recipient of(PortalId id) {
    return new OfPortal(id);
  }

  /** Returns the name, unique within the kind. */
  String name();

  /** Returns {@code worker} or {@code portal}. */
  default String kind() {
    return this instanceof OfWorker ? "worker" : "portal";
  }

  @Override
  default int compareTo(Recipient other) {
    int byKind = Utf8Order.compare(kind(), other.kind());
    return byKind != 0 ? byKind : Utf8Order.compare(name(), other.name());
  }

  /** A worker. */
  record OfWorker(WorkerId id) implements Recipient {
    /** Throws {@link NullPointerException} for a null id. */
    public OfWorker {
      Objects.requireNonNull(id, "id");
    }

    @Override
    public String name() {
      return id.value();
    }
  }

  /** A portal. */
  record OfPortal(PortalId id) implements Recipient {
    /** Throws {@link NullPointerException} for a null id. */
    public OfPortal {
      Objects.requireNonNull(id, "id");
    }

    @Override
    public String name() {
      return id.value();
    }
  }

  /** The result of a call about a recipient; only {@link #DONE} changed anything. */
  public enum RecipientAnswer {
    /** The call took effect. */
    DONE,
    /** The recipient was already in this state. */
    ALREADY_SO,
    /** The recipient is not registered, or is a worker without a slice. */
    UNKNOWN_RECIPIENT,
    /** The recipient's 64-bit id collides with another's: it needs another name. */
    ID_COLLISION
  }

  /** The interest of a node in a state, ascending. */
  public enum InterestLevel {
    /** No updates; revokes an earlier interest. */
    NONE(PropagationPriority.BACKGROUND, 0, 3),
    /** Major updates only. */
    LOW(PropagationPriority.BACKGROUND, 200, 2),
    /** Every update, after a delay. */
    MEDIUM(PropagationPriority.NORMAL, 50, 1),
    /** Every update, after a short delay. */
    HIGH(PropagationPriority.HIGH, 10, 0),
    /** Every update, at once. */
    CRITICAL(PropagationPriority.URGENT, 0, 0);

    private final PropagationPriority priority;
    private final long baseDelayNanos;
    private final int quality;

    InterestLevel(PropagationPriority priority, long baseDelayMillis, int quality) {
      this.priority = priority;
      this.baseDelayNanos = baseDelayMillis * Nanos.PER_MILLISECOND;
      this.quality = quality;
    }

    /** Returns the priority of a normal update at this level. */
    public PropagationPriority priority() {
      return priority;
    }

    /** Returns the delay in nanoseconds during which a newer update may replace an update. */
    public long baseDelayNanos() {
      return baseDelayNanos;
    }

    /** Returns the quality on a good path: 0 to {@link PropagationDecision#WORST_QUALITY}. */
    public int quality() {
      return quality;
    }
  }
}
