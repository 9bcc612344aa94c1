package dev.stowage.evidence;

import dev.stowage.columns.Utf8Order;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import java.util.Objects;

/** Something that records are about: a kind, one word such as {@code chunk}, and an id in it. */
public record Subject(String kind, String id) implements Comparable<Subject> {
  private static final String ITEM = "item";

  /** Throws {@code IllegalArgumentException} if {@code kind} is empty. */
  public Subject {
    Objects.requireNonNull(id, "id");
    if (Objects.requireNonNull(kind, "kind").isEmpty()) {
      throw new IllegalArgumentException("a subject's kind is empty");
    }
  }

  /** Returns the subject of a chunk, by its {@link ChunkKey#path}. */
  public static Subject chunk(ChunkKey key) {
    return new Subject("chunk", Objects.requireNonNull(key, "key").path());
  }

  /** Returns the subject of a worker. */
  public static Subject worker(WorkerId id) {
    return new Subject("worker", Objects.requireNonNull(id, "id").value());
  }

  /** Returns the subject of a portal. */
  public static Subject portal(PortalId id) {
    return new Subject("portal", Objects.requireNonNull(id, "id").value());
  }

  /** Returns the subject of a content item, its id unsigned. */
  public static Subject item(long id) {
    return new Subject(ITEM, Long.toUnsignedString(id));
  }

  boolean isItem() {
    return kind.equals(ITEM);
  }

  /** Returns the subject of a task, its id unsigned. */
  public static Subject task(long id) {
    return new Subject("task", Long.toUnsignedString(id));
  }

  /** Compares by kind, then id, both by their UTF-8 bytes. */
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
