package dev.stowage.transfer;

import dev.stowage.content.ContentItem;
import dev.stowage.content.ItemDetails;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which peers hold which pieces of which objects: one {@link RarityIndex} for each object, and the
 * way from there to items whose rarity counts (content design, section 11). Belongs to one thread
 * at a time.
 */
public final class Availability {
  private final Map<Long, RarityIndex> byObject = new TreeMap<>();

  /** Nothing is known of any object. */
  public Availability() {
    // objects are tracked as they come
  }

  /** Keeps an object's pieces in an index, in place of the one before. */
  public void track(long objectId, RarityIndex index) {
    byObject.put(objectId, index);
  }

  /** Forgets an object; whether it was known. */
  public boolean forget(long objectId) {
    return byObject.remove(objectId) != null;
  }

  /**
   * These peers, and no others, hold a piece of an object.
   *
   * @throws IllegalArgumentException if the object is not tracked or has no such piece
   */
  public void availability(long objectId, int piece, List<String> peers) {
    RarityIndex index = byObject.get(objectId);
    if (index == null) {
      throw new IllegalArgumentException(
          "object " + Long.toUnsignedString(objectId) + " is not tracked; track it first");
    }
    index.availability(piece, peers);
  }

  /** A peer is gone: no piece of any object is with it. */
  public void removePeer(String peer) {
    byObject.values().forEach(index -> index.removePeer(peer));
  }

  /**
   * An item with the number of copies that peers hold of it, for {@code
   * SelectionPolicy.rarestFirst(k)}; unchanged if it is no piece of a tracked object.
   */
  public ContentItem rated(ContentItem item) {
    Optional<ItemDetails.Piece> piece = item.details().piece();
    RarityIndex index = piece.map(p -> byObject.get(p.object())).orElse(null);
    if (piece.isEmpty() || index == null) {
      return item;
    }
    int copies = index.copies(Math.toIntExact(piece.get().index()));
    return item.with(item.details().withCopies(copies));
  }
}
