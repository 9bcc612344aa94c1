package dev.stowage.storage.memory;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.numbers.NumbersForm;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Tick;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.News;
import java.util.List;
import java.util.Optional;

/** The shapes of saved rows that are not rows of the lifecycle. */
final class SavedRows {
  static final Shape<Store> STORE = Shape.derived("store", Store.class);

  static final Shape<Begun> BEGUN = Shape.derived("begun", Begun.class);

  static final Shape<Free> FREE = Shape.derived("free", Free.class);

  /** The numbers of a part of a waiting inventory, which the row of its worker leaves out. */
  static final Shape<List<ChunkNumber>> INVENTORY_PART =
      Shape.of("inventory_part", row -> row.value("numbers", it -> it, NumbersForm.ANY)::of);

  static final Shape<Replica> REPLICA = Shape.derived("replica", Replica.class);

  static final Shape<News.Item> LOG = Shape.derived("log", News.Item.class);

  static final Shape<DurableState.Answered> ANSWER =
      Shape.derived("answer", DurableState.Answered.class);

  static final Shape<CommitKey> COMMIT = Shape.derived("commit", CommitKey.class);

  static final Shape<History.Saved> EVIDENCE =
      Shape.of(
          "evidence",
          row -> {
            var index = row.number("index", it -> it.record().index());
            var type = row.number("type", it -> it.record().wire()).narrow();
            var payload = row.value("payload", it -> it.record().sharedPayload(), Forms.BYTES);
            var hash = row.value("hash", it -> it.record().hash(), Form.of(Hash256.class));
            var last = row.flag("last_of_commit", History.Saved::isLast);
            return v ->
                new History.Saved(
                    EvidenceRecord.owning(index.of(v), type.intOf(v), payload.of(v), hash.of(v)),
                    last.of(v));
          });

  static final Shape<QuarantinedNews> QUARANTINE =
      Shape.derived("quarantine", QuarantinedNews.class);

  private SavedRows() {}

  /** The name and lease of a store, saved even if its fleet has not begun. */
  record Store(String fleet, MemoryChunkStore.LeaseState leaseState) {}

  /** The state of a fleet beside its rows; {@code marks} counts all marks of news given so far. */
  record Begun(
      Tick committedTick,
      long digest,
      long marks,
      Optional<ChainPoint> evidenceStart,
      Optional<ChainPoint> evidenceHead) {}

  /** A position below the highest of its table that no row has. */
  record Free(int position) {}

  /** A row of {@link ReplicaRows}, with the components that are mostly at their default last. */
  record Replica(
      int chunk,
      int worker,
      long since,
      @Declare(orElse = 0) int flags,
      @Declare(orElse = 0) long supersededAt,
      @Declare(orElse = 0) long releasedAt,
      @Declare(orElse = 0) long readableUntil,
      @Declare(orElse = -1) long missingSince) {
    static Replica of(ReplicaRows rows, int row) {
      return new Replica(
          rows.chunk(row),
          rows.worker(row),
          rows.since(row),
          rows.flags(row),
          rows.supersededAt(row),
          rows.releasedAt(row),
          rows.readableUntil(row),
          rows.missingSince(row));
    }

    void addTo(ReplicaRows.Builder rows) {
      rows.add(chunk, worker)
          .stamps(since, supersededAt, releasedAt)
          .window(readableUntil, missingSince, flags);
    }
  }
}
