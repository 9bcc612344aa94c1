package dev.stowage.propagation;

import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.Optional;

/** An immutable message to a recipient. */
public sealed interface Message {
  /** Returns the recipient. */
  Recipient recipient();

  /** Returns the lineage of the assignment. */
  Lineage lineage();

  /** Returns the id of the worker or portal assignment. */
  long id();

  /** Returns the exact length of the binary document in bytes. */
  long bytes();

  /** Reports whether the recipient holds the assignment after applying this message. */
  default boolean isDocument() {
    return this instanceof Slice || this instanceof Routes;
  }

  /** A worker's slice, or its change. */
  record Slice(WorkerId worker, SliceDocument document, long bytes) implements Message {
    /** Reports whether this is the whole slice. */
    public boolean isFull() {
      return document.isFull();
    }

    @Override
    public Recipient recipient() {
      return Recipient.of(worker);
    }

    @Override
    public Lineage lineage() {
      return document.lineage();
    }

    @Override
    public long id() {
      return document.id().value();
    }
  }

  /**
   * A portal's routes, or their change: a delta from nothing is all routes of the portal's
   * datasets, and without a delta all routes of {@code newest}.
   */
  record Routes(
      PortalId portal, PortalAssignment newest, Optional<RoutesDocument> delta, long bytes)
      implements Message {
    /** Returns the document to send. */
    public RoutesDocument document() {
      return delta.orElseGet(newest::full);
    }

    /** Reports whether these are all routes. */
    public boolean isFull() {
      return delta.flatMap(RoutesDocument::from).isEmpty();
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
  }

  /** The changed chunks, by number for a worker, by key for a portal, on a narrow path. */
  record Changes(
      Recipient recipient, Lineage lineage, long id, List<ChunkNumber> numbers, List<ChunkKey> keys)
      implements Message {
    /** Copies the lists. */
    public Changes {
      numbers = List.copyOf(numbers);
      keys = List.copyOf(keys);
    }

    /** Returns the canonical message of lineage, id, numbers and keys. */
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
  }

  /** A notice of a newer assignment, which the recipient pulls when it can. */
  record NewId(Recipient recipient, Lineage lineage, long id) implements Message {
    /** The length of the message in bytes: a version byte and two numbers. */
    public static final long BYTES = 17;

    /** Returns the canonical message of lineage and id. */
    public byte[] toBytes() {
      return new CanonicalWriter().u64(lineage.token()).u64(id).toBytes();
    }

    @Override
    public long bytes() {
      return BYTES;
    }
  }
}
