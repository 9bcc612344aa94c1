package dev.stowage.propagation;

import dev.stowage.columns.Utf8Order;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import java.util.Objects;

/** Who is told of assignments: a worker of its slice, a portal of the routes. */
public sealed interface Recipient extends Comparable<Recipient> {
  /** A worker. */
  static Recipient of(WorkerId id) {
    return new OfWorker(id);
  }

  /** A portal. */
  static Recipient of(PortalId id) {
    return new OfPortal(id);
  }

  /** Its name among those of its kind. */
  String name();

  /** {@code worker} or {@code portal}. */
  String kind();

  /** Portals first, then by name. */
  @Override
  default int compareTo(Recipient other) {
    int byKind = Utf8Order.compare(kind(), other.kind());
    return byKind != 0 ? byKind : Utf8Order.compare(name(), other.name());
  }

  /**
   * A worker.
   *
   * @param id which
   */
  record OfWorker(WorkerId id) implements Recipient {
    /** Refuses null. */
    public OfWorker {
      Objects.requireNonNull(id, "id");
    }

    @Override
    public String name() {
      return id.value();
    }

    @Override
    public String kind() {
      return "worker";
    }
  }

  /**
   * A portal.
   *
   * @param id which
   */
  record OfPortal(PortalId id) implements Recipient {
    /** Refuses null. */
    public OfPortal {
      Objects.requireNonNull(id, "id");
    }

    @Override
    public String name() {
      return id.value();
    }

    @Override
    public String kind() {
      return "portal";
    }
  }

  /** What became of what was said of a recipient; all but {@link #DONE} changed nothing. */
  public enum RecipientAnswer {
    /** It is as asked. */
    DONE,
    /** It was so already. */
    ALREADY_SO,
    /** Nobody registered it. */
    UNKNOWN_RECIPIENT,
    /** Its id has the same 64 bits as that of another: it needs another name. */
    ID_COLLISION,
    /** Recipients of assignments are told at once or soon, never later. */
    LEVEL_TOO_LOW
  }
}
