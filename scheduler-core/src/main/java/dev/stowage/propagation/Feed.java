package dev.stowage.propagation;

import dev.stowage.model.Lineage;
import dev.stowage.propagation.PropagationScheduler.NodeId;
import dev.stowage.propagation.Recipient.InterestLevel;
import dev.stowage.store.FleetView;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The known and the planned assignment of one recipient. */
abstract class Feed {
  /** A held assignment; the retained id {@code sameUntil} is the newest with the same content. */
  record Held(Lineage lineage, long id, long sameUntil) {}

  record Offer(Message best, Message fair, List<Long> sizes) {
    static Offer of(Message document, Message fair) {
      long bytes = document.bytes();
      return new Offer(document, fair, List.of(bytes, bytes, fair.bytes(), Message.NewId.BYTES));
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
  final InterestLevel level;
  @Nullable Held held;

  @Nullable FleetView examined;

  /** The message that waits, or was sent as a notice that the recipient has to follow up. */
  @Nullable Offer offer;

  /** True if the recipient lacks the content of the examined view. */
  boolean isOutdated;

  /** The time since which it lacks something that was planned. */
  OptionalLong lacksSince = OptionalLong.empty();

  /** True if the latest plan or message has the content of the examined view. */
  boolean isPlanned;

  boolean isNoticed;

  /** False for a departed worker, which is given no slice. */
  boolean isPresent;

  Feed(Recipient recipient, NodeId node, InterestLevel level) {
    this.recipient = recipient;
    this.node = node;
    this.level = level;
  }

  abstract boolean isIn(FleetView view);

  abstract boolean differs(FleetView view, FleetView older);

  abstract long idIn(FleetView view);

  abstract Offer offer(FleetView view, Optional<Held> base, boolean narrow);

  void received(Message news) {
    FleetView last = examined;
    boolean isNewest = isPlanned && last != null && last.lineage().equals(news.lineage());
    long sameUntil = isNewest && last != null ? idIn(last) : news.id();
    held = new Held(news.lineage(), news.id(), sameUntil);
    isOutdated = !isNewest;
    lacksSince = isNewest ? OptionalLong.empty() : lacksSince;
    isNoticed = false;
    offer = null;
  }

  Optional<Held> base() {
    return Optional.ofNullable(held);
  }
}
