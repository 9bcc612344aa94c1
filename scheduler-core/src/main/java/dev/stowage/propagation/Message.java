package dev.stowage.propagation;

import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.PortalDelta;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDelta;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import dev.stowage.propagation.PropagationPlan.Outgoing;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What a recipient is sent. Immutable. */
public sealed interface Message {
  /** To whom. */
  Recipient recipient();

  /** The lineage of the assignment that it is about. */
  Lineage lineage();

  /** The id of the assignment, a worker's or a portal's. */
  long id();

  /** Exactly how long it is as a binary document. */
  long bytes();

  /** Whether the recipient holds the assignment once it has applied this. */
  boolean isDocument();

  /**
   * A worker's slice, or what changed in it: whichever is smaller.
   *
   * @param worker to whom
   * @param delta the change, from nothing for all of it
   * @param bytes how long its binary document is
   */
  record Slice(WorkerId worker, SliceDelta delta, long bytes) implements Message {
    /** Refuses nulls. */
    public Slice {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(delta, "delta");
    }

    /** What goes over the wire. */
    public SliceDocument document() {
      return SliceDocument.of(delta);
    }

    /** Whether it says everything. */
    public boolean isFull() {
      return delta.from().isEmpty();
    }

    @Override
    public Recipient recipient() {
      return Recipient.of(worker);
    }

    @Override
    public Lineage lineage() {
      return delta.slice().lineage();
    }

    @Override
    public long id() {
      return delta.slice().id().value();
    }

    @Override
    public boolean isDocument() {
      return true;
    }
  }

  /**
   * A portal's routes, or what changed in them: whichever is smaller.
   *
   * @param portal to whom
   * @param newest the assignment; where there is no delta, all of it, which need not be held in one
   *     piece: {@code DocumentFormat} writes it route by route
   * @param delta the change; empty for all of it
   * @param bytes how long its binary document is
   */
  record Routes(PortalId portal, PortalAssignment newest, Optional<PortalDelta> delta, long bytes)
      implements Message {
    /** Refuses nulls. */
    public Routes {
      Objects.requireNonNull(portal, "portal");
      Objects.requireNonNull(newest, "newest");
      Objects.requireNonNull(delta, "delta");
    }

    /** What goes over the wire. */
    public RoutesDocument document() {
      return delta.map(RoutesDocument::of).orElseGet(() -> RoutesDocument.of(newest));
    }

    /** Whether it says everything. */
    public boolean isFull() {
      return delta.isEmpty();
    }

    @Override
    public Recipient recipient() {
      return Recipient.of(portal);
    }

    @Override
    public Lineage lineage() {
      return newest.lineage();
    }

    @Override
    public long id() {
      return newest.id().value();
    }

    @Override
    public boolean isDocument() {
      return true;
    }
  }

  /**
   * Only which chunks changed: for a recipient on a narrow path, which asks when it can.
   *
   * @param recipient to whom
   * @param lineage of the assignment
   * @param id of the assignment
   * @param numbers the chunks that a worker's slice names no more, or now, or otherwise
   * @param keys the chunks that a portal sees no more, or now, or otherwise
   */
  record Changes(
      Recipient recipient, Lineage lineage, long id, List<ChunkNumber> numbers, List<ChunkKey> keys)
      implements Message {
    /** Copies the lists. */
    public Changes {
      Objects.requireNonNull(recipient, "recipient");
      Objects.requireNonNull(lineage, "lineage");
      numbers = List.copyOf(numbers);
      keys = List.copyOf(keys);
    }

    /** The canonical message of lineage, id, numbers and keys. */
    public byte[] toBytes() {
      return new CanonicalWriter()
          .u64(lineage.token())
          .u64(id)
          .list(numbers, (out, number) -> out.u64(number.lineage().token()).u64(number.counter()))
          .list(keys, (out, key) -> out.string(key.dataset().value()).string(key.id()))
          .toBytes();
    }

    @Override
    public long bytes() {
      return toBytes().length;
    }

    @Override
    public boolean isDocument() {
      return false;
    }
  }

  /**
   * Only that there is a newer assignment: for a recipient that asks when it can.
   *
   * @param recipient to whom
   * @param lineage of the assignment
   * @param id of the assignment
   */
  record NewId(Recipient recipient, Lineage lineage, long id) implements Message {
    /** How long its message is: a version byte and two numbers. */
    public static final long BYTES = 17;

    /** Refuses nulls. */
    public NewId {
      Objects.requireNonNull(recipient, "recipient");
      Objects.requireNonNull(lineage, "lineage");
    }

    /** The canonical message of lineage and id. */
    public byte[] toBytes() {
      return new CanonicalWriter().u64(lineage.token()).u64(id).toBytes();
    }

    @Override
    public long bytes() {
      return BYTES;
    }

    @Override
    public boolean isDocument() {
      return false;
    }
  }

  /**
   * What goes out to recipients at a moment.
   *
   * @param news to be sent, in this order
   * @param dropped what waited and is not sent after all; it is planned again
   * @param clock what the time was taken for; nothing goes out if it was refused
   */
  public record MessageBatch(
      List<Message> news, List<Outgoing.Dropped> dropped, ClockVerdict clock) {
    /** Copies the lists. */
    public MessageBatch {
      news = List.copyOf(news);
      dropped = List.copyOf(dropped);
      Objects.requireNonNull(clock, "clock");
    }
  }
}
