package dev.stowage.transfer;

import dev.stowage.content.ContentItem;
import dev.stowage.content.ItemDetails;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Keeps a {@link RarityIndex} per object (content design, section 11). Not thread-safe. */
public final class Availability {
  private final Map<Long, RarityIndex> byObject = new TreeMap<>();

  public Availability() {}

  public void track(long objectId, RarityIndex index) {
    byObject.put(objectId, index);
  }

  /** Forgets an object; returns whether it was tracked. */
  public boolean forget(long objectId) {
    return byObject.remove(objectId) != null;
  }

  /** Replaces a piece's holders; throws {@link IllegalArgumentException} if it is not tracked. */
  public void availability(long objectId, int piece, List<String> peers) {
    RarityIndex index = byObject.get(objectId);
    if (index == null) {
      throw new IllegalArgumentException(
          "object " + Long.toUnsignedString(objectId) + " is not tracked; track it first");
    }
    index.availability(piece, peers);
  }

  public void removePeer(String peer) {
    byObject.values().forEach(index -> index.removePeer(peer));
  }

  /** Returns a tracked piece with its number of holders; any other item as is. */
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
