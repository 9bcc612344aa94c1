package dev.stowage.storage.postgres;

import dev.stowage.model.Lineage;
import dev.stowage.shape.Unit;
import dev.stowage.storage.postgres.sql.Database;
import dev.stowage.storage.postgres.sql.Failures;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.store.Lease;
import dev.stowage.store.StorageException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Proves, for one process, that a server which was promoted or restored has all its acknowledged
 * commits, or tells that it has not.
 *
 * <p>A fork of a server's log keeps a prefix of it. So a server that has the newest acknowledged
 * commit of a process has all earlier ones, of whatever process. Each commit counts up the row of a
 * lane in table {@code proof}; a lane has one transaction at a time, so that commits of one process
 * do not wait for each other. On a server of another history the process compares its rows with the
 * numbers that it remembers. A promotion for which every process that wrote lately proves that
 * stays in its lineage. A process that misses a commit there says so in a row of its own, and the
 * next claim begins another lineage; on the server of the lease the process itself serves and
 * accepts nothing. Lanes that rested for {@link #SILENCE} before the newest commit need no proof,
 * because a process does not use a lane again after half of that; it proves it all the same, for as
 * long as its row may be asked for.
 *
 * <p>Where no standby is waited for, commits are visible before they are acknowledged; then a
 * commit whose answer is missing counts as acknowledged. Thread-safe.
 */
final class Proofs implements AutoCloseable {
  /** Bounds the silence before the newest commit of a process that must prove its commits. */
  static final Duration SILENCE = Duration.ofMinutes(2);

  /**
   * Bounds the wait of a claim for proofs; then processes without one count as gone. A process that
   * lives may find the server so much later than the one that claims: its pool waits between two
   * tries to connect.
   */
  static final Duration PATIENCE = PostgresChunkStore.POOL_WAIT.plus(PostgresChunkStore.CONNECTING);

  /**
   * Bounds the wait for a commit's answer before the process looks what it waits for, and separates
   * two looks of an idle process for a server of another history.
   */
  static final Duration LATE = Duration.ofSeconds(2);

  /** Bounds each message of a look. */
  private static final Duration LOOK_LIMIT = Duration.ofSeconds(5);

  /** Counts the commits of this login that wait for a standby. */
  private static final String WAITING =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event ="
          + " 'SyncRep'";

  /** The pause behind what was noticed, which every reader may notice anew. */
  private static final long AGAIN_MILLIS = 250;

  private static final long CLOSE_MILLIS = 1_000;

  private static final String MINE = "SELECT token, number FROM $.proof WHERE token = ANY (?)";

  private static final String MINE_OF_ALL =
      "SELECT token, number, # FROM $.proof WHERE token = ANY (?)";

  /** Stands for the timeline of a row by which a process misses commits of a lineage. */
  private static final int LOST = -1;

  private static final String OTHERS =
      "SELECT count(*) FILTER (WHERE timeline <> "
          + LOST
          + "), count(*) FILTER (WHERE timeline = "
          + LOST
          + " AND system_id = (SELECT lineage FROM $.lease)) FROM $.proof"
          + " WHERE (system_id, timeline) <> (SELECT "
          + LeaseSql.SERVER
          + ") AND NOT token = ANY (?)"
          + " AND seen_nanos >= (SELECT max(seen_nanos) FROM $.proof) - ?";

  private static final String PROVE =
      "UPDATE $.proof SET (system_id, timeline) = (SELECT "
          + LeaseSql.SERVER
          + ") WHERE token = ANY (?)";

  private static final String STAMP =
      "INSERT INTO $.proof AS p (token, number, seen_nanos, system_id, timeline) SELECT ?, ?, "
          + LeaseSql.NOW
          + ", "
          + LeaseSql.SERVER
          + " ON CONFLICT (token) DO UPDATE SET number = excluded.number, seen_nanos ="
          + " excluded.seen_nanos, system_id = excluded.system_id, timeline = excluded.timeline";

  /**
   * Lets a commit wait for no standby. Claims wait for it at the gate, and for less time than a
   * promoted server may wait for a standby. A row that is lost is due again: the server that lacks
   * it was promoted since.
   */
  private static final String ALONE = "SET LOCAL synchronous_commit = local";

  private static final String TELL =
      "INSERT INTO $.proof (token, number, seen_nanos, system_id, timeline) SELECT ?, 0, "
          + LeaseSql.NOW
          + ", lineage, "
          + LOST
          + " FROM $.lease";

  private final Database database;
  private final boolean losesNothing;
  private final Logger log;
  private final LongSupplier nanos;
  private final Duration late;
  private final List<Lane> lanes = new ArrayList<>();
  private final Deque<Lane> free = new ArrayDeque<>();

  /** The lineage in which the lanes count; null before the first. */
  private @Nullable Lineage lineage;

  /** The server that answered last; the one before, while transactions may still hang there. */
  private LeaseSql.@Nullable Server server;

  private LeaseSql.@Nullable Server left;

  /** The server that this process reported to lack commits. */
  private LeaseSql.@Nullable Server told;

  private long leftNanos;
  private long begunBefore;

  private long newestEpoch;
  private long usedNanos;
  private boolean isWaiting;
  private long waitsSinceNanos;
  private boolean isNoticed;
  private boolean isWaitingForStandbys;
  private long lookedNanos;
  private boolean isClosed;
  private @Nullable Thread watch;

  /** Watches for many fleets; null if this one has a thread of its own. */
  private final @Nullable ProofWatch shared;

  private boolean isShared;
  private boolean isActive;

  /** Creates one whose promotions lose nothing if its host says so. */
  Proofs(
      Database database,
      boolean losesNothing,
      Logger log,
      @Nullable ProofWatch shared,
      LongSupplier nanos,
      Duration late) {
    this.database = database;
    this.losesNothing = losesNothing;
    this.log = log;
    this.shared = shared;
    this.nanos = nanos;
    this.late = late;
    usedNanos = nanos.getAsLong();
    lookedNanos = usedNanos;
  }

  /** The numbers of one transaction after the other. */
  private static final class Lane {
    private final long token = OwnProcess.token();
    private long last;
    private long acknowledged;

    /** The number of a commit whose answer was lost, 0 for none. */
    private long doubtful;

    private boolean isSynchronous;
    private boolean isUnderWay;

    /** The server of the last transaction. */
    private LeaseSql.@Nullable Server server;

    /** The begin of the commit that is under way, or the end of the last one. */
    private long sinceNanos;

    /** A commit under way may hang at a server that no longer answers, and be visible there. */
    private Owed owed(@Nullable Lineage in) {
      long unanswered = isUnderWay ? last : doubtful;
      return new Owed(token, acknowledged, isSynchronous ? 0 : unanswered, server, in);
    }
  }

  /** Keeps what a lane had acknowledged, or had no answer to, before the store was asked. */
  private record Owed(
      long token,
      long acknowledged,
      long doubtful,
      LeaseSql.@Nullable Server server,
      @Nullable Lineage in) {
    /** A commit without an answer need not be at the server that it was sent to. */
    private long required(LeaseSql.Stored by) {
      boolean isSameServer = by.isSameServer() || by.server().equals(server);
      return isSameServer ? acknowledged : Math.max(acknowledged, doubtful);
    }
  }

  /** The lease as the opening of a transaction that writes finds it, and the lane of its commit. */
  final class Opening implements AutoCloseable {
    private final Lane lane;
    private final Owed owed;
    private final long known = newestEpoch;
    private final List<LeaseSql.Stored> leases;
    private final List<Row> rows;
    private boolean isOver;

    private Opening(Lane lane, SqlBatch batch) {
      this.lane = lane;
      owed = lane.owed(lineage);
      leases = LeaseSql.ask(batch);
      rows = batch.ask(MINE, Row::of, (Object) new long[] {lane.token});
    }

    /**
     * Returns the lease, once the batch is answered; a history that lacks commits is not served.
     */
    LeaseSql.Stored lease() {
      LeaseSql.Stored stored = seen(LeaseSql.only(leases), known);
      synchronized (Proofs.this) {
        lane.isSynchronous = stored.isSynchronous();
        lane.server = stored.server();
        if (stored.isServerOfRecord() && isMissing(stored, List.of(owed), rows)) {
          notice();
          return stored.lost();
        }
      }
      return stored;
    }

    /** Counts the commit that the batch ends with. */
    void stamp(SqlBatch end) {
      synchronized (Proofs.this) {
        lane.last++;
        lane.isUnderWay = true;
        lane.sinceNanos = nanos.getAsLong();
        usedNanos = lane.sinceNanos;
        startToWatch();
      }
      end.run(STAMP, lane.token, lane.last);
    }

    /** Commits the stamped rows, or those that {@code commit} stamps. */
    void commit(Runnable commit) {
      try {
        commit.run();
        acknowledge();
      } catch (StorageException.Transient e) {
        if (e.outcome() == StorageException.Outcome.UNKNOWN) {
          synchronized (Proofs.this) {
            lane.doubtful = lane.last;
          }
        }
        throw e;
      }
    }

    /** Notes that the last commit is acknowledged. */
    void acknowledge() {
      synchronized (Proofs.this) {
        lane.acknowledged = lane.last;
        lane.doubtful = 0;
        lane.isUnderWay = false;
        usedNanos = nanos.getAsLong();
        startToWatch();
      }
    }

    /** Reports whether the last commit took place; none may be under way. */
    boolean isStored(SqlTransaction from) {
      return from.one(
              "SELECT 1 FROM $.proof WHERE token = ? AND number >= ?",
              row -> true,
              lane.token,
              lane.last)
          .isPresent();
    }

    /** Gives the lane back. */
    @Override
    public void close() {
      synchronized (Proofs.this) {
        if (!isOver) {
          isOver = true;
          lane.isUnderWay = false;
          lane.sinceNanos = nanos.getAsLong();
          free.push(lane);
        }
      }
    }
  }

  /** A row of table {@code proof}. */
  record Row(long token, long number) {
    private static Row of(ResultSet row) throws SQLException {
      return new Row(row.getLong(1), row.getLong(2));
    }
  }

  /** Adds to the opening of a transaction that writes; takes a lane that no other one has. */
  synchronized Opening open(SqlBatch batch) {
    forgetOld();
    Lane lane = next();
    if (lane == null) {
      lane = new Lane();
      lanes.add(lane);
    } else {
      free.remove(lane);
    }
    return new Opening(lane, batch);
  }

  /**
   * Returns a lane that did not rest for long, one with a doubtful commit first, so that the next
   * commit settles it; null if there is none. Older lanes stay, because a promotion asks for them.
   */
  private @Nullable Lane next() {
    Lane chosen = null;
    for (Lane lane : free) {
      boolean isFresh = !rests(lane, SILENCE.toNanos() / 2);
      if (isFresh && (chosen == null || (lane.doubtful != 0 && chosen.doubtful == 0))) {
        chosen = lane;
      }
    }
    return chosen;
  }

  /** Forgets lanes that rested since before a leader may {@link #clear} their rows. */
  private void forgetOld() {
    Lane oldest = free.peekLast();
    while (oldest != null && rests(oldest, database.keysKept().toNanos() / 2)) {
      free.removeLast();
      lanes.remove(oldest);
      oldest = free.peekLast();
    }
  }

  /** Returns the newest epoch that this process has seen. */
  synchronized long newestEpoch() {
    return newestEpoch;
  }

  /**
   * Notes a lease that was read, and returns it; as one of a history that lacks commits if its
   * epoch is behind {@code known}, the newest that this process had seen before it asked. Another
   * thread may have seen a newer one since. Numbers of an earlier lineage prove nothing.
   */
  synchronized LeaseSql.Stored seen(LeaseSql.Stored stored, long known) {
    meet(stored.server());
    if (stored.epoch() == 0) {
      // No fleet has begun in this schema.
      newestEpoch = 0;
      count(null);
      return stored;
    }
    if (stored.epoch() < known) {
      notice();
      return stored.lost();
    }
    if (!stored.isSameServer()) {
      notice();
      return stored;
    }
    if (stored.epoch() < newestEpoch) {
      return stored;
    }
    newestEpoch = stored.epoch();
    if (!stored.lineage().equals(lineage)) {
      count(stored.lineage());
    }
    return stored;
  }

  /** Notes which server answers. */
  private synchronized void meet(LeaseSql.Server answering) {
    if (answering.equals(server)) {
      return;
    }
    left = server;
    server = answering;
    leftNanos = nanos.getAsLong();
    begunBefore = database.begun();
    if (left != null) {
      startToWatch();
    }
  }

  /** Begins to count in a lineage. */
  private void count(@Nullable Lineage in) {
    lineage = in;
    for (Lane lane : lanes) {
      lane.acknowledged = 0;
      lane.doubtful = 0;
    }
  }

  /** Returns an epoch that was never given: the clock's seconds advance on every history. */
  synchronized long epochAfterLoss(LeaseSql.Stored stored) {
    return Math.max(newestEpoch + 1, TimeUnit.NANOSECONDS.toSeconds(stored.nowNanos()));
  }

  private static boolean isBehind(LeaseSql.Stored stored, long known) {
    return stored.epoch() != 0 && stored.epoch() < known;
  }

  private synchronized long[] tokens() {
    return lanes.stream().mapToLong(lane -> lane.token).toArray();
  }

  /** Holds the rows of {@code proof} by which a claim judges a promotion. */
  static final class Asked {
    private final List<Owed> owed;
    private final List<Row> mine;
    private final List<Others> others;

    private Asked(List<Owed> owed, SqlBatch batch) {
      long[] tokens = tokensOf(owed);
      this.owed = owed;
      mine = batch.ask(MINE, Row::of, (Object) tokens);
      others = batch.ask(OTHERS, Others::of, tokens, SILENCE.toNanos());
    }
  }

  /** Counts the lanes of other processes without a proof, and tells whether one misses a commit. */
  private record Others(long unproved, boolean isLost) {
    private static Others of(ResultSet row) throws SQLException {
      return new Others(row.getLong(1), row.getLong(2) > 0);
    }
  }

  Asked ask(SqlBatch batch) {
    return new Asked(owed(), batch);
  }

  private synchronized List<Owed> owed() {
    forgetOld();
    return lanes.stream().map(lane -> lane.owed(lineage)).toList();
  }

  private static long[] tokensOf(List<Owed> owed) {
    return owed.stream().mapToLong(Owed::token).toArray();
  }

  /**
   * Reports whether commits are lost, as a claim finds the store. Throws {@code Transient} while
   * other processes may still prove that a promotion lost none.
   */
  boolean isLost(LeaseSql.Stored stored, Asked asked) {
    if (stored.isLost()
        || isBehind(stored, newestEpoch())
        || isMissing(stored, asked.owed, asked.mine)) {
      return true;
    }
    if (stored.isSameServer()) {
      return false;
    }
    Others others = asked.others.get(0);
    if (others.isLost || others.unproved == 0 || losesNothing) {
      return others.isLost;
    }
    if (waitPatiently()) {
      throw new StorageException.Transient(
          "the server was promoted or restored, and "
              + others.unproved
              + " lanes of other processes have not proved yet that it lacks none of their commits;"
              + " without a proof within "
              + Unit.SECONDS.print(PATIENCE.toSeconds())
              + " a new lineage begins",
          StorageException.Outcome.NOT_COMMITTED,
          null);
    }
    log.warn(
        "{} lanes of other processes did not prove within {} that the promoted server of schema"
            + " {} lacks none of their commits; a new lineage begins",
        others.unproved,
        Unit.SECONDS.print(PATIENCE.toSeconds()),
        database.schema.name());
    return true;
  }

  /** Begins to wait for others, unless it has begun; reports whether its patience lasts. */
  private synchronized boolean waitPatiently() {
    if (!isWaiting) {
      isWaiting = true;
      waitsSinceNanos = nanos.getAsLong();
    }
    return nanos.getAsLong() - waitsSinceNanos < PATIENCE.toNanos();
  }

  /** Proves the lanes of this process to the server, which has all their commits. */
  void prove(SqlBatch last) {
    last.run(PROVE, (Object) tokens());
  }

  /** Notes the newest lease. */
  synchronized void granted(Lease lease) {
    isWaiting = false;
    newestEpoch = Math.max(newestEpoch, lease.epoch());
  }

  /** Deletes lanes about which nobody asks any more. */
  void clear(SqlTransaction from) {
    from.run(
        new SqlBatch()
            .run(
                "DELETE FROM $.proof WHERE token IN (SELECT token FROM $.proof WHERE seen_nanos"
                    + " < (SELECT max(seen_nanos) FROM $.proof) - ? FOR UPDATE SKIP LOCKED)",
                database.keysKept().toNanos()));
  }

  private synchronized boolean isMissing(LeaseSql.Stored stored, List<Owed> asked, List<Row> rows) {
    for (Owed lane : asked) {
      // Numbers that were kept for an earlier lineage prove nothing about this one.
      long required = stored.lineage().equals(lane.in()) ? lane.required(stored) : 0;
      long found = 0;
      for (Row row : rows) {
        found = row.token() == lane.token() ? row.number() : found;
      }
      if (found < required) {
        log.warn(
            "the store in schema {} lacks commit {} of a lane of this process; it has {}",
            database.schema.name(),
            required,
            found);
        return true;
      }
    }
    return false;
  }

  /**
   * Looks at the store's history. Of a server for which no lease was granted yet it proves that
   * nothing is lost, or tells that something is.
   */
  void look() {
    SqlBatch reading = database.opening(Database.Gate.SNAPSHOT, LOOK_LIMIT);
    Look seen = new Look(reading);
    List<Long> waiting = reading.ask(WAITING, row -> row.getLong(1));
    database.beginWithin(reading, LOOK_LIMIT).close();
    judge(seen, waiting.get(0));
  }

  /**
   * Looks at the histories of fleets on one server in one transaction, or at each alone if that
   * fails because of one of them. A server that is away is looked at again when they are due next.
   */
  static void lookAtAll(List<Proofs> due) {
    due.forEach(Proofs::abandonQuietly);
    if (due.size() > 1) {
      Database any = due.get(0).database;
      try {
        SqlBatch reading = any.opening(Database.Gate.SNAPSHOT, LOOK_LIMIT);
        List<Look> looks = asked(due, reading);
        List<Long> waiting = reading.ask(WAITING, row -> row.getLong(1));
        any.beginWithin(reading, LOOK_LIMIT).close();
        for (int at = 0; at < looks.size(); at++) {
          Look seen = looks.get(at);
          due.get(at).quietly(of -> of.judge(seen, waiting.get(0)));
        }
        return;
      } catch (RuntimeException e) {
        if (e instanceof StorageException.Transient && !Failures.isLockTimeout(e.getCause())) {
          due.get(0).log.debug("the histories could not be looked at; it is tried again", e);
          return;
        }
        due.get(0).log.debug("a history could not be looked at; each is looked at alone", e);
      }
    }
    due.forEach(each -> each.quietly(Proofs::look));
  }

  private static List<Look> asked(List<Proofs> due, SqlBatch reading) {
    List<FleetSchema> schemas = due.stream().map(each -> each.database.schema).toList();
    List<List<LeaseSql.Stored>> leases = LeaseSql.askAll(reading, schemas);
    List<Look> looks = new ArrayList<>();
    for (Proofs each : due) {
      looks.add(each.new Look(leases.get(looks.size()), each.owed(), new ArrayList<>()));
    }
    int first = 0;
    for (List<FleetSchema> part : FleetSchema.parts(schemas)) {
      List<Look> of = looks.subList(first, first + part.size());
      reading.visit(
          FleetSchema.union(part, MINE_OF_ALL),
          row -> of.get(row.getInt(3)).mine.add(Row.of(row)),
          of.stream().map(look -> tokensOf(look.owed)).toArray());
      first += part.size();
    }
    return looks;
  }

  private void judge(Look seen, long waiting) {
    meet(seen.lease().server());
    tellWaiting(waiting);
    if (!seen.isLost() && !seen.isUnproved()) {
      return;
    }
    SqlBatch writing = database.opening(Database.Gate.APPENDING, LOOK_LIMIT);
    Look found = new Look(writing);
    try (SqlTransaction transaction = database.beginWithin(writing, LOOK_LIMIT)) {
      if (found.isLost()) {
        log.warn(
            "commits of schema {} are lost: a new lineage begins with the next leader",
            database.schema.name());
        transaction.commit(new SqlBatch().run(ALONE).run(TELL, OwnProcess.token()));
        told(found.lease().server());
      } else if (found.isUnproved()) {
        SqlBatch last = new SqlBatch().run(ALONE);
        prove(last);
        transaction.commit(last);
      }
    }
  }

  private synchronized void told(LeaseSql.Server of) {
    told = of;
  }

  private synchronized boolean isUntold(LeaseSql.Stored stored) {
    return stored.epoch() != 0 && !stored.isSameServer() && !stored.server().equals(told);
  }

  /** Says that commits wait for a standby, and that they no longer do, once each. */
  private void tellWaiting(long commits) {
    boolean isLate;
    boolean was;
    synchronized (this) {
      isLate = commits > 0 && isLate();
      was = isWaitingForStandbys;
      isWaitingForStandbys = isLate || (was && commits > 0);
    }
    if (isLate && !was) {
      log.warn(
          "{} commits in schema {} wait for a standby that does not answer; nothing is acknowledged"
              + " until one does",
          commits,
          database.schema.name());
    } else if (was && commits == 0) {
      log.info("standbys answer again in schema {}", database.schema.name());
    }
  }

  private boolean rests(Lane lane, long forNanos) {
    return nanos.getAsLong() - lane.sinceNanos > forNanos;
  }

  private boolean isLate() {
    return lanes.stream().anyMatch(lane -> lane.isUnderWay && rests(lane, late.toNanos()));
  }

  /** Ends transactions that hang at a server which another one took the place of. */
  private void abandon() {
    long first;
    synchronized (this) {
      if (left == null || nanos.getAsLong() - leftNanos < late.toNanos()) {
        return;
      }
      left = null;
      first = begunBefore;
    }
    int hanging = database.abortFirst(first);
    if (hanging > 0) {
      log.warn(
          "{} transactions of schema {} hung at a server that no longer leads; they were given up",
          hanging,
          database.schema.name());
    }
  }

  /** The lease and the rows of this process. */
  private final class Look {
    private final long known = newestEpoch();
    private final List<LeaseSql.Stored> leases;
    private final List<Owed> owed;
    private final List<Row> mine;

    Look(SqlBatch batch) {
      leases = LeaseSql.ask(batch);
      owed = owed();
      mine = batch.ask(MINE, Row::of, (Object) tokensOf(owed));
    }

    Look(List<LeaseSql.Stored> leases, List<Owed> owed, List<Row> mine) {
      this.leases = leases;
      this.owed = owed;
      this.mine = mine;
    }

    private LeaseSql.Stored lease() {
      return LeaseSql.only(leases);
    }

    /** Reports whether commits are lost and this process did not tell so. */
    boolean isLost() {
      return isUntold(lease()) && (isBehind(lease(), known) || isMissing(lease(), owed, mine));
    }

    boolean isUnproved() {
      return isUntold(lease()) && !mine.isEmpty();
    }
  }

  private synchronized void notice() {
    if (!isNoticed) {
      isNoticed = true;
      startToWatch();
      notifyAll();
    }
  }

  private void startToWatch() {
    if (shared != null) {
      if (!isShared && !isClosed) {
        isShared = true;
        shared.watch(this);
      }
    } else if (watch == null && !isClosed) {
      Thread thread = new Thread(this::watch, "stowage-proof-" + database.schema.name());
      thread.setDaemon(true);
      watch = thread;
      thread.start();
    }
  }

  /** Looks when something was noticed, and while this process rests and its lanes need a proof. */
  private void watch() {
    while (awaitDue()) {
      lookQuietly();
    }
  }

  /** As {@link #watch}, by a thread that does so for many; adds this one if it is due. */
  synchronized boolean addIfDue(List<Proofs> due) {
    boolean isDue = takesALook();
    isShared = isActive;
    if (isShared && isDue) {
      due.add(this);
    }
    return isShared;
  }

  private void lookQuietly() {
    abandonQuietly();
    quietly(Proofs::look);
  }

  private void abandonQuietly() {
    quietly(Proofs::abandon);
  }

  private void quietly(Consumer<Proofs> look) {
    try {
      look.accept(this);
    } catch (RuntimeException e) {
      log.debug("the history of the store could not be looked at; it is tried again", e);
    }
  }

  /** Waits until it is time to look; returns false when nobody needs that any more. */
  private synchronized boolean awaitDue() {
    try {
      do {
        wait(isNoticed ? AGAIN_MILLIS : late.toMillis() / 2);
        if (takesALook()) {
          return true;
        }
      } while (isActive);
    } catch (InterruptedException e) {
      // Only this object has the thread, so an interrupt asks it to end.
      Thread.currentThread().interrupt();
    }
    watch = null;
    return false;
  }

  /** Reports whether it is time to look, and notes whether anybody needs that still. */
  private synchronized boolean takesALook() {
    long now = nanos.getAsLong();
    boolean isWanted = isNoticed || left != null || isWaitingForStandbys || isLate();
    boolean isResting = now - Math.max(usedNanos, lookedNanos) > late.toNanos();
    isActive = !isClosed && (isWanted || now - usedNanos < SILENCE.toNanos());
    if (!isActive || !(isWanted || isResting)) {
      return false;
    }
    isNoticed = false;
    lookedNanos = now;
    return true;
  }

  /** Ends the thread, and the lanes: no commit is under way, so that none needs a proof. */
  @Override
  public void close() {
    long[] tokens = tokens();
    synchronized (this) {
      isClosed = true;
      notifyAll();
    }
    if (tokens.length == 0) {
      return;
    }
    // A server that is away must not hold up the end of its client.
    Thread thread = new Thread(() -> end(tokens), "stowage-proof-end");
    thread.setDaemon(true);
    thread.start();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void end(long[] tokens) {
    try (SqlTransaction transaction = database.begin(Database.Gate.APPENDING)) {
      transaction.commit(
          new SqlBatch()
              .run("UPDATE $.proof SET seen_nanos = 0 WHERE token = ANY (?)", (Object) tokens));
    } catch (RuntimeException e) {
      log.debug("the lanes of a closed store stay until a leader clears them", e);
    }
  }
}
