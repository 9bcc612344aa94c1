package dev.stowage.content.queue;

import dev.stowage.columns.LongIndex;
import dev.stowage.columns.SparseColumn;
import dev.stowage.content.ItemDetails;

/** A list of the items of each object, threaded through the slots. */
public final class ObjectIndex {
  private static final int NONE = ItemTable.NONE;

  private final ItemTable table;
  private final LongIndex heads = new LongIndex();
  private final SparseColumn previous = new SparseColumn();
  private final SparseColumn next = new SparseColumn();

  ObjectIndex(ItemTable table) {
    this.table = table;
  }

  void add(int slot) {
    ItemDetails.Piece piece = table.item(slot).details().pieceOrNull();
    if (piece == null) {
      return;
    }
    int head = heads.find(piece.object());
    heads.put(piece.object(), slot);
    previous.put(slot, NONE);
    next.put(slot, head);
    if (head != NONE) {
      previous.put(head, slot);
    }
  }

  void remove(int slot) {
    ItemDetails.Piece piece = table.item(slot).details().pieceOrNull();
    if (piece == null) {
      return;
    }
    int before = previous.at(slot);
    int after = next.at(slot);
    if (after != NONE) {
      previous.put(after, before);
    }
    if (before != NONE) {
      next.put(before, after);
    } else if (after != NONE) {
      heads.put(piece.object(), after);
    } else {
      heads.remove(piece.object());
    }
  }

  /** Returns the first slot of an object's list, or -1. */
  public int first(long object) {
    return heads.find(object);
  }

  public int after(int slot) {
    return next.at(slot);
  }
}
