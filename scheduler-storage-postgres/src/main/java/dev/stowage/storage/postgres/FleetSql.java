package dev.stowage.storage.postgres;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.lifecycle.Annex;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.PlacementWish;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Labels;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerVersion;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.StoredArrays;
import dev.stowage.storage.postgres.sql.TextForms;
import dev.stowage.storage.postgres.sql.Writes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rows of table {@code fleet}: what the leader committed, and what writers changed since. */
final class FleetSql {
  private static final String COLUMNS =
      "config_version, worker_assignment, portal_assignment, last_swap, watermark,"
          + " largest_window_ticks, frozen, wishes_version, debt_bytes, debt_replicas,"
          + " largest_tick, backward_ticks, lineages, config, details, annexes, time_marks";
  private static final String READ =
      "SELECT digest, evidence_index, evidence_hash, "
          + COLUMNS
          + ", marks_hash, largest_tick AS kept_tick, time_marks AS kept_marks FROM $.fleet ";
  private static final String BASE = READ + "WHERE NOT ahead";

  /** Whether cycles that left no row came after it, and after the time was last set by hand. */
  private static final String IS_LATER =
      "CASE WHEN (SELECT last_value FROM $.seen_resets) = time_marks[4]"
          + " AND (SELECT last_value FROM $.seen_tick) > largest_tick THEN ";

  private static final String NEWEST =
      READ.replace(
                  " largest_tick,",
                  " "
                      + IS_LATER
                      + "(SELECT last_value FROM $.seen_tick) ELSE largest_tick END AS"
                      + " largest_tick,")
              .replace(
                  " time_marks,",
                  " "
                      + IS_LATER
                      + "ARRAY[(SELECT last_value FROM $.seen_clock), time_marks[2],"
                      + " time_marks[3], time_marks[4]] ELSE time_marks END AS time_marks,")
          + "ORDER BY ahead DESC LIMIT 1";
  private static final String PUT =
      "INSERT INTO $.fleet AS f (ahead, digest, evidence_index, evidence_hash, "
          + COLUMNS
          + ", marks_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
          + " ?) ON CONFLICT (ahead) DO UPDATE SET (marks_hash, digest, evidence_index,"
          + " evidence_hash,"
          + COLUMNS
          + ") = (EXCLUDED.marks_hash, EXCLUDED.digest, EXCLUDED.evidence_index,"
          + " EXCLUDED.evidence_hash, EXCLUDED.config_version, EXCLUDED.worker_assignment,"
          + " EXCLUDED.portal_assignment, EXCLUDED.last_swap, EXCLUDED.watermark,"
          + " EXCLUDED.largest_window_ticks, EXCLUDED.frozen, EXCLUDED.wishes_version,"
          + " EXCLUDED.debt_bytes, EXCLUDED.debt_replicas, EXCLUDED.largest_tick,"
          + " EXCLUDED.backward_ticks, EXCLUDED.lineages,"
          // What did not change keeps its place outside of the row, however large it is.
          + " CASE WHEN f.config = EXCLUDED.config THEN f.config ELSE EXCLUDED.config END,"
          + " CASE WHEN f.details = EXCLUDED.details THEN f.details ELSE EXCLUDED.details END,"
          + " CASE WHEN f.annexes = EXCLUDED.annexes THEN f.annexes ELSE EXCLUDED.annexes END,"
          + " EXCLUDED.time_marks)";

  private static final int TIME_MARKS = 4;

  private FleetSql() {}

  /**
   * The leader's row.
   *
   * @param row the fleet
   * @param digest the state digest beside it
   * @param evidenceHead the head of the evidence; null before the first commit
   */
  record Base(FleetRow row, long digest, @Nullable ChainPoint evidenceHead) {}

  static Optional<Base> base(SqlTransaction transaction) {
    return transaction.one(BASE, FleetSql::readBase);
  }

  /** The leader's row, once the batch was answered; nothing where the fleet has not begun. */
  static List<Base> askBase(SqlBatch batch) {
    return batch.ask(BASE, FleetSql::readBase);
  }

  /** The same, for who asks often. */
  static List<Base> askBase(SqlBatch batch, KnownConfig known) {
    return batch.ask(BASE, row -> readBase(row, known));
  }

  /** What writers changed and the leader has not taken in; one row, or none. */
  static List<FleetRow> ahead(SqlTransaction transaction) {
    return transaction.list(READ + "WHERE ahead", FleetSql::read);
  }

  /** The newest row, whoever wrote it. */
  static Optional<FleetRow> newest(SqlTransaction transaction) {
    return transaction.one(NEWEST, FleetSql::read);
  }

  /** The newest row, once the batch was answered; nothing where the fleet has not begun. */
  static List<FleetRow> askNewest(SqlBatch batch) {
    return batch.ask(NEWEST, FleetSql::read);
  }

  /** The same, for who asks often. */
  static List<FleetRow> askNewest(SqlBatch batch, KnownConfig known) {
    return batch.ask(NEWEST, row -> read(row, known));
  }

  /**
   * What a commit starts from.
   *
   * @param digest the state digest
   * @param workerAssignment the newest
   * @param portalAssignment the newest
   * @param evidenceIndex the head of the evidence; null before the first commit
   */
  record Point(
      long digest, long workerAssignment, long portalAssignment, @Nullable Long evidenceIndex) {}

  /** What the next commit starts from, once the batch was answered; nothing before the first. */
  static List<Point> askPoint(SqlBatch batch) {
    return batch.ask(
        "SELECT digest, worker_assignment, portal_assignment, evidence_index FROM $.fleet"
            + " WHERE NOT ahead",
        row ->
            new Point(
                row.getLong(1), row.getLong(2), row.getLong(3), row.getObject(4, Long.class)));
  }

  static void putBase(Writes to, FleetRow row, long digest, @Nullable ChainPoint evidenceHead) {
    put(to, false, new Base(row, digest, evidenceHead));
  }

  static void putAhead(Writes to, FleetRow row) {
    put(to, true, new Base(row, 0, null));
  }

  /**
   * The largest tick of a cycle that changed nothing else, and what the clock showed at it; commits
   * keep theirs in the row.
   */
  record Seen(Tick tick, long clockNanos) {}

  /** What was seen since the time of this row was last set by hand. */
  static Seen seen(SqlTransaction from, FleetRow fleet) {
    return from.one(
            "SELECT t.last_value, c.last_value FROM $.seen_tick t, $.seen_clock c,"
                + " $.seen_resets r WHERE r.last_value = ?",
            row -> new Seen(Tick.of(row.getLong(1)), row.getLong(2)),
            fleet.time().resets())
        .orElseGet(() -> new Seen(Tick.of(0), FleetRow.Time.UNREAD));
  }

  /**
   * Keeps the tick of a cycle that changed nothing else. A sequence is written in place, and leaves
   * no dead row however often that is; holding the gate alone, nobody else writes it. The tick
   * comes last but for what says that it counts: what a crash leaves of the three is never too
   * late.
   */
  static void advance(SqlBatch batch, Tick largestTick, long clockNanos) {
    batch.visit(
        "SELECT setval('$.seen_clock', ?), setval('$.seen_tick', ?),"
            + " setval('$.seen_resets', f.time_marks[4])"
            + " FROM $.seen_tick t, $.seen_resets r, $.fleet f WHERE NOT f.ahead"
            + " AND (r.last_value <> f.time_marks[4] OR t.last_value < ?)",
        row -> {},
        clockNanos,
        largestTick.value(),
        largestTick.value());
  }

  /** Notes what every commit changes, where the fleet's row itself stays as it is. */
  static void note(Writes to, long digest, ChainPoint head) {
    to.write(
        "UPDATE $.fleet SET digest = ?, evidence_index = ?, evidence_hash = ? WHERE NOT ahead",
        digest,
        head.index(),
        head.hash().toBytes());
  }

  /** Forgets what writers changed, once the leader has taken all of it in. */
  static void settle(Writes to) {
    to.write(
        "DELETE FROM $.fleet WHERE ahead AND NOT EXISTS (SELECT FROM $.news WHERE about_fleet)");
  }

  private static void put(Writes to, boolean ahead, Base base) {
    FleetRow row = base.row();
    ChainPoint head = base.evidenceHead();
    to.write(
        PUT,
        ahead,
        base.digest(),
        head == null ? null : head.index(),
        head == null ? null : head.hash().toBytes(),
        row.configVersion(),
        row.workerAssignment(),
        row.portalAssignment(),
        row.lastSwap(),
        row.watermark(),
        row.largestWindowTicks(),
        row.frozen(),
        row.wishesVersion(),
        row.debtBytes(),
        row.debtReplicas(),
        row.largestTick(),
        row.backwardTicks(),
        lineages(row.lineages()),
        CommandCodec.toBytes(new Command.Configure(Command.ANY_VERSION, row.config())),
        details(row),
        annexes(row),
        timeMarks(row.time()),
        row.marksHash());
  }

  private static long[] timeMarks(FleetRow.Time time) {
    return new long[] {time.clockNanos(), time.tickNanos(), time.listeningTick(), time.resets()};
  }

  private static FleetRow.Time time(Long[] marks) {
    if (marks.length != TIME_MARKS) {
      throw new IllegalArgumentException(
          "column time_marks has " + marks.length + " numbers, and not " + TIME_MARKS);
    }
    return new FleetRow.Time(marks[0], marks[1], marks[2], marks[3]);
  }

  private static Base readBase(ResultSet from) throws SQLException {
    return readBase(from, new KnownConfig());
  }

  private static Base readBase(ResultSet from, KnownConfig known) throws SQLException {
    long digest = from.getLong(1);
    long index = from.getLong(2);
    byte[] hash = from.getBytes(3);
    ChainPoint head =
        hash == null
            ? null
            : new ChainPoint(index, EvidenceSql.hash(hash, "the head of the evidence"));
    return new Base(read(from, known), digest, head);
  }

  private static FleetRow read(ResultSet from) throws SQLException {
    return read(from, new KnownConfig());
  }

  private static FleetRow read(ResultSet from, KnownConfig known) throws SQLException {
    try {
      CanonicalReader details = CanonicalReader.of(from.getBytes(18));
      LifecycleConfig config = known.of(from.getBytes(17));
      List<FleetRow.FormerWindow> windows =
          details.list(in -> new FleetRow.FormerWindow(in.u64(), in.u64()));
      List<PlacementWish> wishes = details.list(FleetSql::wish);
      List<FleetRow.Factor> factors = details.list(FleetSql::factor);
      details.end();
      FleetRow row =
          new FleetRow(
              config,
              from.getLong(4),
              from.getLong(5),
              from.getLong(6),
              lineages(StoredArrays.numbers(from.getArray(16), "lineages")),
              from.getLong(7),
              from.getLong(8),
              windows,
              from.getLong(9),
              from.getBoolean(10),
              wishes,
              from.getLong(11),
              factors,
              from.getLong(12),
              from.getLong(13),
              annexes(CanonicalReader.of(from.getBytes(19))),
              from.getLong(14),
              from.getLong(15),
              time(StoredArrays.numbers(from.getArray(20), "time_marks")));
      FleetRow.Time keptTime =
          time(StoredArrays.numbers(from.getArray("kept_marks"), "time_marks"));
      long kept = row.marksHashAt(from.getLong("kept_tick"), keptTime);
      TextForms.requireMarks(from.getLong("marks_hash"), kept);
      return row;
    } catch (RuntimeException e) {
      throw StoredFleet.unreadableRow("table fleet", e);
    }
  }

  private static long[] lineages(List<FleetRow.LineageRow> lineages) {
    long[] flat = new long[lineages.size() * 3];
    for (int i = 0; i < lineages.size(); i++) {
      flat[3 * i] = lineages.get(i).token().token();
      flat[3 * i + 1] = lineages.get(i).beganTick();
      flat[3 * i + 2] = lineages.get(i).lastNumber();
    }
    return flat;
  }

  private static List<FleetRow.LineageRow> lineages(Long[] flat) {
    if (flat.length % 3 != 0) {
      throw new IllegalArgumentException(
          "column lineages has " + flat.length + " numbers; three of each lineage are expected");
    }
    List<FleetRow.LineageRow> lineages = new ArrayList<>();
    for (int i = 0; i < flat.length; i += 3) {
      lineages.add(new FleetRow.LineageRow(Lineage.of(flat[i]), flat[i + 1], flat[i + 2]));
    }
    return lineages;
  }

  private static byte[] details(FleetRow row) {
    CanonicalWriter out = new CanonicalWriter();
    out.list(
        row.formerWindows(), (to, window) -> to.u64(window.windowTicks()).u64(window.untilTick()));
    out.list(
        row.wishes(),
        (to, wish) -> {
          to.u8(wish.kind().ordinal()).string(wish.dataset().value());
          to.optional(wish.chunkId().orElse(null), (in, id) -> in.string(id));
          to.string(wish.worker().value());
        });
    out.list(
        row.factors(),
        (to, factor) -> {
          to.string(factor.eligibility().minVersion().toString());
          to.list(factor.eligibility().requiredLabels().sorted(), (in, label) -> in.string(label));
          to.u32(factor.weight()).u64(factor.millionths());
        });
    return out.toBytes();
  }

  private static PlacementWish wish(CanonicalReader in) {
    PlacementWish.Kind kind = PlacementWish.Kind.values()[in.u8()];
    DatasetId dataset = DatasetId.of(in.string());
    Optional<String> chunk = in.optional(CanonicalReader::string);
    return new PlacementWish(kind, dataset, chunk, WorkerId.of(in.string()));
  }

  private static FleetRow.Factor factor(CanonicalReader in) {
    WorkerVersion version = WorkerVersion.parse(in.string());
    Labels labels = Labels.copyOf(in.list(CanonicalReader::string));
    return new FleetRow.Factor(new Eligibility(version, labels), (int) in.u32(), in.u64());
  }

  private static byte[] annexes(FleetRow row) {
    return new CanonicalWriter()
        .map(row.annexes(), (to, annex) -> to.string(annex.kind()).bytes(annex.content()))
        .toBytes();
  }

  private static TreeMap<String, Annex> annexes(CanonicalReader in) {
    TreeMap<String, Annex> annexes =
        new TreeMap<>(in.map(from -> new Annex(from.string(), from.bytes())));
    in.end();
    return annexes;
  }
}
