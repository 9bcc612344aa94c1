package dev.stowage.evidence;

import dev.stowage.columns.Utf8Order;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import java.util.Objects;

/**
 * Something that records are about and that a person may ask to have explained.
 *
 * @param kind what it is, one word: {@code chunk}, {@code worker}, {@code portal}, {@code item},
 *     {@code task} or another that the writing package chooses
 * @param id its name within its kind
 */
public record Subject(String kind, String id) implements Comparable<Subject> {
  /** Refuses an empty kind with {@link IllegalArgumentException}. */
  public Subject {
    Objects.requireNonNull(id, "id");
    if (Objects.requireNonNull(kind, "kind").isEmpty()) {
      throw new IllegalArgumentException("a subject's kind is empty");
    }
  }

  /** The chunk with this key, by its {@link ChunkKey#path}. */
  public static Subject chunk(ChunkKey key) {
    return new Subject("chunk", Objects.requireNonNull(key, "key").path());
  }

  /** The worker with this id. */
  public static Subject worker(WorkerId id) {
    return new Subject("worker", Objects.requireNonNull(id, "id").value());
  }

  /** The portal with this id. */
  public static Subject portal(PortalId id) {
    return new Subject("portal", Objects.requireNonNull(id, "id").value());
  }

  /** The content item with this id, unsigned. */
  public static Subject item(long id) {
    return new Subject("item", Long.toUnsignedString(id));
  }

  /** The task with this id, unsigned. */
  public static Subject task(long id) {
    return new Subject("task", Long.toUnsignedString(id));
  }

  /** Orders by kind, then id, both by their UTF-8 bytes. */
  @Override
  public int compareTo(Subject other) {
    int byKind = Utf8Order.compare(kind, other.kind);
    return byKind != 0 ? byKind : Utf8Order.compare(id, other.id);
  }

  @Override
  public String toString() {
    return kind + " " + id;
  }
}
