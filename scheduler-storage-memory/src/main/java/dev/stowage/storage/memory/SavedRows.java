package dev.stowage.storage.memory;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.numbers.NumbersForm;
import dev.stowage.lifecycle.rows.AnswerCodec;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import dev.stowage.store.CommandId;
import dev.stowage.store.Lease;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.News;
import java.util.List;
import java.util.Optional;

/** The shapes of saved rows that are not rows of the lifecycle. */
final class SavedRows {
  private static final Shape<Lease> LEASE = Shape.derived("lease", Lease.class);

  private static final Shape<MemoryChunkStore.LeaseState> LEASE_STATE =
      Shape.of(
          "standing",
          row -> {
            var epoch = row.number("epoch", MemoryChunkStore.LeaseState::epoch);
            var lease =
                row.value(
                    "lease", MemoryChunkStore.LeaseState::lease, Forms.optional(Forms.row(LEASE)));
            var lost = row.flag("lineage_lost", MemoryChunkStore.LeaseState::lineageLost);
            var owed =
                row.value(
                    "owed",
                    MemoryChunkStore.LeaseState::owed,
                    Forms.optional(Form.of(Lineage.class)));
            return v ->
                new MemoryChunkStore.LeaseState(epoch.of(v), lease.of(v), lost.of(v), owed.of(v));
          });

  static final Shape<Store> STORE =
      Shape.of(
          "store",
          row -> {
            var fleet = row.text("fleet", Store::fleet);
            var standing = row.nested("standing", Store::leaseState, LEASE_STATE);
            return v -> new Store(fleet.of(v), standing.of(v));
          });

  private static final Shape<ChainPoint> POINT = Shape.derived("chain_point", ChainPoint.class);

  static final Shape<Begun> BEGUN =
      Shape.of(
          "begun",
          row -> {
            var tick = row.value("committed_tick", Begun::committedTick, Form.of(Tick.class));
            var digest = row.number("digest", Begun::digest);
            var marks = row.number("marks", Begun::marks);
            var point = Forms.optional(Forms.row(POINT));
            var start = row.value("evidence_start", Begun::evidenceStart, point);
            var head = row.value("evidence_head", Begun::evidenceHead, point);
            return v -> new Begun(tick.of(v), digest.of(v), marks.of(v), start.of(v), head.of(v));
          });

  static final Shape<Free> FREE =
      Shape.of(
          "free",
          row -> {
            var position = row.number("position", Free::position).narrow();
            return v -> new Free(position.intOf(v));
          });

  /** The numbers of a part of a waiting inventory, which the row of its worker leaves out. */
  static final Shape<List<ChunkNumber>> INVENTORY_PART =
      Shape.of("inventory_part", row -> row.value("numbers", it -> it, NumbersForm.ANY)::of);

  static final Shape<Replica> REPLICA =
      Shape.of(
          "replica",
          row -> {
            var chunk = row.number("chunk", Replica::chunk).narrow();
            var worker = row.number("worker", Replica::worker).narrow();
            var since = row.number("since", Replica::since);
            var flags = row.number("flags", Replica::flags).narrow().orElse(0);
            var superseded = row.number("superseded_at", Replica::supersededAt).orElse(0);
            var released = row.number("released_at", Replica::releasedAt).orElse(0);
            var until = row.number("readable_until", Replica::readableUntil).orElse(0);
            var missing = row.number("missing_since", Replica::missingSince).orElse(-1);
            return v ->
                new Replica(
                    chunk.intOf(v),
                    worker.intOf(v),
                    since.of(v),
                    flags.intOf(v),
                    superseded.of(v),
                    released.of(v),
                    until.of(v),
                    missing.of(v));
          });

  private static final Form<CommandId> COMMAND_ID =
      Forms.row(Shape.derived("command_id", CommandId.class));

  static final Shape<News.Item> LOG =
      Shape.of(
          "log",
          row -> {
            var mark = row.number("mark", News.Item::mark);
            var id = row.value("id", News.Item::id, COMMAND_ID);
            var command = row.value("command", News.Item::command, CommandCodec.FORM);
            return v -> new News.Item(mark.of(v), id.of(v), command.of(v));
          });

  static final Shape<DurableState.Answered> ANSWER =
      Shape.of(
          "answer",
          row -> {
            var id = row.value("id", DurableState.Answered::id, COMMAND_ID);
            var form = Forms.of(Forms.BYTES, AnswerCodec::fromBytes, AnswerCodec::toBytes);
            var answer = row.value("answer", DurableState.Answered::answer, form);
            return v -> new DurableState.Answered(id.of(v), answer.of(v));
          });

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
      Shape.of(
          "quarantine",
          row -> {
            var mark = row.number("mark", QuarantinedNews::mark);
            var aside = row.value("set_aside_at", QuarantinedNews::setAsideAt, Form.of(Tick.class));
            var kind = row.value("kind", QuarantinedNews::kind, Forms.optional(Forms.TEXT));
            var worker =
                row.value(
                    "worker", QuarantinedNews::worker, Forms.optional(Form.of(WorkerId.class)));
            var digest = row.text("digest", QuarantinedNews::digest);
            var bytes = row.number("bytes", QuarantinedNews::bytes);
            var reason = row.text("reason", QuarantinedNews::reason);
            return v ->
                new QuarantinedNews(
                    mark.of(v),
                    aside.of(v),
                    kind.of(v),
                    worker.of(v),
                    digest.of(v),
                    bytes.of(v),
                    reason.of(v));
          });

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
      int flags,
      long supersededAt,
      long releasedAt,
      long readableUntil,
      long missingSince) {
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
