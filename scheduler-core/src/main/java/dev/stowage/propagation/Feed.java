package dev.stowage.propagation;

import dev.stowage.model.Lineage;
import dev.stowage.propagation.InterestDeclaration.InterestLevel;
import dev.stowage.propagation.StateUpdate.UpdateSizes;
import dev.stowage.store.FleetView;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One recipient: what it is known to hold, and what there is to tell it.
 *
 * <p>What it holds is an assignment with an id. Later assignments that say the same to it need not
 * be told; the last of them is remembered, because changes are asked for since that one, which is
 * retained for longer.
 */
abstract class Feed {
  /**
   * An assignment that the recipient holds.
   *
   * @param id by which the recipient knows it
   * @param sameUntil the newest one known to say the same
   */
  record Held(Lineage lineage, long id, long sameUntil) {}

  /**
   * What there is to send.
   *
   * @param sizes how long it is at each quality
   */
  record Offer(Message best, Message fair, UpdateSizes sizes) {
    static Offer of(Message document, Message fair) {
      long bytes = document.bytes();
      return new Offer(
          document, fair, new UpdateSizes(bytes, bytes, fair.bytes(), Message.NewId.BYTES));
    }

    Message at(int quality) {
      return switch (quality) {
        case 0, 1 -> best;
        case 2 -> fair;
        default -> new Message.NewId(best.recipient(), best.lineage(), best.id());
      };
    }
  }

  final Recipient recipient;
  final NodeId node;
  final StateId state;
  final InterestLevel level;
  @Nullable Held held;

  /** The view that was looked at last; what it says is what is waiting, or is held. */
  @Nullable FleetView examined;

  /** What waits to be sent, or was sent as a notice that the recipient has to follow up. */
  @Nullable Offer offer;

  /** Whether the recipient does not hold what the last view says. */
  boolean isOutdated;

  /** Whether what waits, or went last, is what the last view says. */
  boolean isPlanned;

  /** Whether the recipient was told that there is something to ask for. */
  boolean isNoticed;

  /** Whether there is anything to tell: a departed worker is given no slice. */
  boolean isPresent;

  Feed(Recipient recipient, NodeId node, StateId state, InterestLevel level) {
    this.recipient = recipient;
    this.node = node;
    this.state = state;
    this.level = level;
  }

  /** Whether a view has something for the recipient. */
  abstract boolean isIn(FleetView view);

  /** Whether a view says something else to the recipient than an older one. */
  abstract boolean differs(FleetView view, FleetView older);

  /** The id of what a view says. */
  abstract long idIn(FleetView view);

  /**
   * What leads from what the recipient holds to what a view says.
   *
   * @param narrow whether the lesser qualities may be needed
   */
  abstract Offer offer(FleetView view, Optional<Held> base, boolean narrow);

  /** The recipient is given what a view says that was the newest when it was planned. */
  void received(Message news) {
    FleetView last = examined;
    boolean isNewest = isPlanned && last != null && last.lineage().equals(news.lineage());
    long sameUntil = isNewest && last != null ? idIn(last) : news.id();
    held = new Held(news.lineage(), news.id(), sameUntil);
    isOutdated = !isNewest;
    isNoticed = false;
    offer = null;
  }

  Optional<Held> base() {
    return Optional.ofNullable(held);
  }
}
