package dev.stowage.store.spi;

import dev.stowage.command.Command;
import dev.stowage.evidence.Hash256;
import dev.stowage.model.WorkerId;
import dev.stowage.store.CommandId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The first commands of the log, in order. Whatever waits is found, however late it was committed:
 * "rows above the largest id seen" would miss a late one. If there is more, the leader decides it
 * by own commits before it decides anything else.
 */
public record News(List<Piece> items, boolean more) {
  /** No news. */
  public static final News NONE = new News(List.of(), false);

  /** Copies the list. */
  public News {
    items = List.copyOf(items);
  }

  /** A piece of news. */
  public sealed interface Piece permits Item, Unreadable {
    /** Returns its place in the log. */
    long mark();

    /** Returns the name under which it is answered. */
    CommandId id();
  }

  /** A command that waits at a place of the log. */
  public record Item(long mark, CommandId id, Command<?> command) implements Piece {
    /** Throws {@link NullPointerException} if a component is null. */
    public Item {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(command, "command");
    }
  }

  /**
   * News unreadable for this version, which the leader sets aside.
   *
   * @param mark its place in the log
   * @param id the name under which it is answered
   * @param kind the name of its kind of command, if known
   * @param worker its worker, if known
   * @param digest the digest of its bytes
   * @param bytes the number of its bytes
   * @param reason the cause
   */
  public record Unreadable(
      long mark,
      CommandId id,
      Optional<String> kind,
      Optional<WorkerId> worker,
      Hash256 digest,
      long bytes,
      String reason)
      implements Piece {
    /** Throws {@link NullPointerException} if a component is null. */
    public Unreadable {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(digest, "digest");
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** Reports whether there is no news. */
  public boolean isEmpty() {
    return items.isEmpty();
  }

  /** Returns the readable news. */
  public List<Item> readable() {
    return items.stream().filter(Item.class::isInstance).map(Item.class::cast).toList();
  }
}
