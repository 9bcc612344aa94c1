package dev.stowage.sim.filestore;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Retention;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.store.Commit;
import dev.stowage.store.Commit.CommitKey;
import dev.stowage.store.Lease;
import dev.stowage.store.News;
import dev.stowage.store.QuarantinedNews;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that is durable, as the records of a journal say. {@link #replay} is the only way to change
 * it, at run time as after a crash. Not thread-safe.
 */
final class Image {
  private static final int WHOLE = 1;
  private static final int LEASE = 2;
  private static final int BEGIN = 3;
  private static final int COMMIT = 4;
  private static final int NEWS = 5;
  private static final int TICK = 6;
  private static final int TRIM = 7;

  final Rows rows = new Rows();
  private final TreeMap<Long, Long> commits = new TreeMap<>();
  private final TreeMap<Long, News.Item> news = new TreeMap<>();
  private final TreeMap<Long, QuarantinedNews> quarantine = new TreeMap<>();
  private final ArrayDeque<EvidenceRecord> evidence = new ArrayDeque<>();
  private @Nullable ChainPoint head;
  private @Nullable Lease lease;
  private long epoch;
  private long digest;
  private long lastMark;
  private long seen;
  private long seenClockNanos = FleetRow.Time.UNREAD;

  /** Where lost commits were noticed: the lineage that no longer goes on. */
  private @Nullable Lineage lost;

  // ---- what is there ----

  Optional<Lease> lease() {
    return Optional.ofNullable(lease);
  }

  long epoch() {
    return epoch;
  }

  boolean hasBegun() {
    return rows.fleet().isPresent();
  }

  /** Whether commits were lost, and nobody has begun a new lineage yet. */
  boolean isLost() {
    return lost != null && rows.fleet().orElseThrow().lineage().equals(lost);
  }

  long digest() {
    return digest;
  }

  Optional<ChainPoint> head() {
    return Optional.ofNullable(head);
  }

  Tick seen() {
    long inRows = rows.fleet().map(row -> row.largestTick()).orElse(0L);
    return Tick.of(Math.max(seen, inRows));
  }

  /** What the trusted clock showed at that tick. */
  long seenClockNanos() {
    boolean isInRows = rows.fleet().map(row -> row.largestTick() >= seen).orElse(false);
    return isInRows ? rows.fleet().orElseThrow().time().clockNanos() : seenClockNanos;
  }

  private long resets() {
    return rows.fleet().map(row -> row.time().resets()).orElse(0L);
  }

  /** Whether a commit is durable; those of one epoch become so in order. */
  boolean isCommitted(CommitKey key) {
    return commits.getOrDefault(key.epoch(), 0L) >= key.sequence();
  }

  /** What no commit has consumed, in the order in which it was accepted. */
  List<News.Item> news() {
    return List.copyOf(news.values());
  }

  /** What leaders have set aside, behind a mark. */
  List<QuarantinedNews> quarantine(long afterMark, int most) {
    return quarantine.tailMap(afterMark + 1).values().stream().limit(most).toList();
  }

  long nextMark() {
    return lastMark + 1;
  }

  List<EvidenceRecord> evidence(long fromIndex, int maxRecords) {
    return evidence.stream().filter(each -> each.index() >= fromIndex).limit(maxRecords).toList();
  }

  /** How many records of evidence lie below an index, up to a bound. */
  int evidenceBelow(long index, int most) {
    return (int) evidence.stream().limit(most).takeWhile(each -> each.index() < index).count();
  }

  // ---- records ----

  static byte[] lease(long epoch, @Nullable Lease lease) {
    CanonicalWriter out = new CanonicalWriter().u8(LEASE);
    writeLease(out, epoch, lease);
    return out.toBytes();
  }

  static byte[] begin(LifecycleState first) {
    CanonicalWriter out = new CanonicalWriter().u8(BEGIN).u64(first.digest());
    Rows.write(out, first.fleetRow());
    return out.toBytes();
  }

  static byte[] commit(Commit commit) {
    CanonicalWriter out = new CanonicalWriter().u8(COMMIT);
    out.u64(commit.key().epoch()).u64(commit.key().sequence()).u64(commit.digest());
    out.u64(commit.evidenceHead().index()).hash(commit.evidenceHead().hash());
    out.list(commit.evidence(), Image::record);
    out.list(
        commit.consumed(),
        (to, piece) -> {
          to.u64(piece.mark());
          Rows.write(to, piece.changes());
          to.optional(piece.setAside().orElse(null), Image::aside);
        });
    out.optional(commit.changes().orElse(null), Rows::write);
    return out.toBytes();
  }

  static byte[] news(News.Item item) {
    CanonicalWriter out = new CanonicalWriter().u8(NEWS);
    item(out, item);
    return out.toBytes();
  }

  static byte[] tick(Tick largest, long clockNanos) {
    return new CanonicalWriter().u8(TICK).u64(largest.value()).u64(clockNanos).toBytes();
  }

  static byte[] trim(int records) {
    return new CanonicalWriter().u8(TRIM).u32(records).toBytes();
  }

  /** All of it as one record. */
  byte[] whole() {
    CanonicalWriter out = new CanonicalWriter().u8(WHOLE);
    writeLease(out, epoch, lease);
    out.optional(lost, (to, lineage) -> to.u64(lineage.token()));
    out.u64(digest).u64(lastMark).u64(seen).u64(seenClockNanos);
    out.optional(head, (to, point) -> to.u64(point.index()).hash(point.hash()));
    out.list(evidence, Image::record);
    out.list(commits.entrySet(), (to, each) -> to.u64(each.getKey()).u64(each.getValue()));
    out.list(news.values(), Image::item);
    out.list(quarantine.values(), Image::aside);
    rows.write(out);
    return out.toBytes();
  }

  /**
   * An earlier image as it comes back: nobody holds the lease, epochs go on behind those that were
   * given since, and the lineage is over.
   */
  static Image lostSince(byte[] whole, long epoch) {
    Image image = new Image();
    image.replay(whole);
    image.lease = null;
    image.epoch = Math.max(image.epoch, epoch);
    image.lost = image.rows.fleet().map(row -> row.lineage()).orElse(null);
    return image;
  }

  // ---- replaying them ----

  void replay(byte[] record) {
    CanonicalReader in = CanonicalReader.of(record);
    int kind = in.u8();
    switch (kind) {
      case WHOLE -> readWhole(in);
      case LEASE -> readLease(in);
      case BEGIN -> {
        digest = in.u64();
        rows.change(in);
      }
      case COMMIT -> readCommit(in);
      case NEWS -> put(item(in));
      case TICK -> {
        seen = in.u64();
        seenClockNanos = in.u64();
      }
      case TRIM -> trim(in.u32());
      default -> throw new IllegalArgumentException("record kind is " + kind + "; 1 to 7 known");
    }
    in.end();
  }

  private void readWhole(CanonicalReader in) {
    readLease(in);
    lost = in.optional(from -> Lineage.of(from.u64())).orElse(null);
    digest = in.u64();
    lastMark = in.u64();
    seen = in.u64();
    seenClockNanos = in.u64();
    head = in.optional(Image::point).orElse(null);
    evidence.addAll(in.list(Image::record));
    in.list(from -> commits.put(from.u64(), from.u64()));
    in.list(Image::item).forEach(this::put);
    in.list(Image::aside).forEach(piece -> quarantine.put(piece.mark(), piece));
    rows.change(in);
  }

  private void readCommit(CanonicalReader in) {
    long resets = resets();
    commits.put(in.u64(), in.u64());
    digest = in.u64();
    head = point(in);
    evidence.addAll(in.list(Image::record));
    while (evidence.size() > Retention.DEFAULT_MAX_RECORDS) {
      evidence.removeFirst();
    }
    in.list(from -> {
      news.remove(from.u64());
      rows.change(from);
      from.optional(Image::aside).ifPresent(piece -> quarantine.put(piece.mark(), piece));
      return from;
    });
    if (in.flag()) {
      rows.change(in);
    }
    if (resets() != resets) {
      seen = 0; // the time was set by hand: what was seen before it counts no more
    }
  }

  private void trim(long records) {
    for (long i = 0; i < records; i++) {
      evidence.removeFirst();
    }
  }

  private void put(News.Item item) {
    news.put(item.mark(), item);
    lastMark = Math.max(lastMark, item.mark());
  }

  // ---- parts ----

  private static void writeLease(CanonicalWriter out, long epoch, @Nullable Lease lease) {
    out.u64(epoch);
    out.optional(
        lease,
        (to, held) ->
            to.string(held.holder()).u64(held.lineage().token()).u64(held.expiresAtNanos()));
  }

  private void readLease(CanonicalReader in) {
    epoch = in.u64();
    lease =
        in.optional(from -> new Lease(from.string(), epoch, Lineage.of(from.u64()), from.u64()))
            .orElse(null);
  }

  private static void record(CanonicalWriter out, EvidenceRecord record) {
    out.u64(record.index()).u16(record.wire()).bytes(record.payload()).hash(record.hash());
  }

  private static EvidenceRecord record(CanonicalReader in) {
    return EvidenceRecord.of(in.u64(), in.u16(), in.bytes(), in.hash());
  }

  private static ChainPoint point(CanonicalReader in) {
    return new ChainPoint(in.u64(), in.hash());
  }

  private static void item(CanonicalWriter out, News.Item item) {
    out.u64(item.mark()).u64(item.tick().value());
    CommandCodec.write(out, item.command());
  }

  private static News.Item item(CanonicalReader in) {
    return new News.Item(in.u64(), Tick.of(in.u64()), CommandCodec.read(in));
  }

  private static void aside(CanonicalWriter out, QuarantinedNews piece) {
    out.u64(piece.mark()).u64(piece.acceptedAt().value()).u64(piece.setAsideAt().value());
    out.u8(piece.kind().map(CommandKind::number).orElse(0));
    out.optional(piece.worker().orElse(null), (to, id) -> to.string(id.value()));
    out.hash(piece.digest()).u64(piece.bytes()).string(piece.reason());
  }

  private static QuarantinedNews aside(CanonicalReader in) {
    return new QuarantinedNews(
        in.u64(),
        Tick.of(in.u64()),
        Tick.of(in.u64()),
        kind(in.u8()),
        in.optional(from -> WorkerId.of(from.string())),
        in.hash(),
        in.u64(),
        in.string());
  }

  private static Optional<CommandKind<?, ?>> kind(int number) {
    Optional<CommandKind<?, ?>> kind = Optional.empty();
    for (CommandKind<?, ?> each : CommandKind.ALL) {
      kind = each.number() == number ? Optional.of(each) : kind;
    }
    return kind;
  }
}
