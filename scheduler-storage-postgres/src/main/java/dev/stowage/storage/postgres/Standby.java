package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.shape.Unit;
import dev.stowage.storage.postgres.sql.Database;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.store.Aged;
import dev.stowage.store.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The hot standbys of a server, read with the age of what they have. After a failure, or an answer
 * that was too old, they rest for a second, and then one reading at a time tries them. Thread-safe.
 *
 * <p>The lease that a standby shows is never compared with what this process has seen: a standby
 * that lags must not look like a store that went back.
 *
 * @see PrimaryTime how ages are told
 */
final class Standby {
  /** Bounds the wait for each answer. */
  private static final Duration ANSWER = Duration.ofSeconds(10);

  static final Duration REST = Duration.ofSeconds(1);

  /** The pause between two looks for an assignment that is to come. */
  private static final Duration LOOK = Duration.ofMillis(20);

  /** Separates two lines of the log about assignments that the standby lacks. */
  private static final Duration TOLD = Duration.ofMinutes(1);

  private static final long SILENT = -1;

  private final Database database;
  private final PrimaryTime primary;
  private final StoreClock clock;
  private final KnownConfig config = new KnownConfig();
  private final Duration wait;
  private final Duration rest;
  private final Logger log;
  private final LongSupplier nanos;

  // Guarded by this.
  private @Nullable String trouble;
  private boolean isTried;
  private long troubledNanos;
  private long toldNanos;

  /** The age of the rows that were read last; {@link #SILENT} while there are none. */
  private volatile long ageNanos = SILENT;

  Standby(
      Database database,
      PrimaryTime primary,
      StoreClock clock,
      Duration wait,
      Duration rest,
      Logger log,
      LongSupplier nanos) {
    this.database = database;
    this.primary = primary;
    this.clock = clock;
    this.wait = wait;
    this.rest = rest;
    this.log = log;
    this.nanos = nanos;
    toldNanos = nanos.getAsLong() - TOLD.toNanos();
  }

  /** An answer, or the reason why there is none. */
  record Attempt<T>(@Nullable Aged<T> answer, String whyNot) {}

  /** Returns how long a reading waits for an assignment. */
  Duration waits() {
    return wait;
  }

  /** Returns the age of the last reading, even a too old one; empty without an answer. */
  OptionalLong ageNanos() {
    long age = ageNanos;
    return age == SILENT ? OptionalLong.empty() : OptionalLong.of(age);
  }

  /** Throws {@code IllegalStateException} if the server that answers is none of the primary's. */
  void requireOfPrimary() {
    try {
      String why = unfit();
      if (!why.isEmpty()) {
        failed(why, SILENT);
      }
    } catch (StorageException e) {
      failed("does not answer: " + e.getMessage(), SILENT);
    }
  }

  /** Returns in words why nothing may be read; empty if it may. */
  private String unfit() {
    PrimaryTime.Identity expected = primary.identity();
    SqlBatch glance = database.opening(Database.Gate.SNAPSHOT, ANSWER);
    List<PrimaryTime.Identity> asked = PrimaryTime.Identity.ask(glance);
    database.beginWithin(glance, ANSWER).close();
    PrimaryTime.Identity found = asked.get(0);
    if (expected == null) {
      return "cannot be compared with the primary, which was never reached";
    }
    if (!expected.isOfTheSameDatabase(found)) {
      throw new IllegalStateException(
          "the standby is none of the store's server: it has "
              + found
              + ", the primary has "
              + expected
              + "; give connections to the same database on a hot standby");
    }
    return expected.equals(found)
        ? ""
        : "does not have schema " + database.schema.name() + " yet, or has another one";
  }

  /** Reads an answer that is not too old, once it is enough or the wait is over. */
  <T> Attempt<T> attempt(StoredAnswer<T> answer, BiPredicate<FleetRow, T> isEnough) {
    boolean isTrial;
    synchronized (this) {
      String known = trouble;
      if (known != null && (isTried || nanos.getAsLong() - troubledNanos < rest.toNanos())) {
        return new Attempt<>(null, "the standby " + known);
      }
      isTrial = known != null;
      isTried |= isTrial;
    }
    if (!isTrial) {
      return read(answer, isEnough);
    }
    try {
      String why = unfit();
      return why.isEmpty() ? read(answer, isEnough) : failed(why, SILENT);
    } catch (StorageException | IllegalStateException e) {
      return failed("does not answer: " + e.getMessage(), SILENT);
    } finally {
      endTry();
    }
  }

  private synchronized void endTry() {
    isTried = false;
  }

  private <T> Attempt<T> read(StoredAnswer<T> answer, BiPredicate<FleetRow, T> isEnough) {
    long until = nanos.getAsLong() + wait.toNanos();
    while (true) {
      Dated<T> read;
      try {
        read =
            Dated.read(
                database,
                answer,
                config,
                LeaseSql::askAnywhere,
                UnaryOperator.identity(),
                first -> database.beginAnswering(first, ANSWER));
      } catch (StorageException | IllegalStateException e) {
        return failed("does not answer: " + e.getMessage(), SILENT);
      }
      OptionalLong now = clockOf(read.lease().server());
      if (now.isEmpty() || !read.isClockRead()) {
        return failed("has rows of unknown age", SILENT);
      }
      long age = read.ageNanos(now.getAsLong());
      if (age >= read.oldest().toNanos()) {
        return failed(
            "is "
                + Unit.NANOS.print(age)
                + " old; less than the window of portals, "
                + Unit.NANOS.print(read.oldest().toNanos())
                + ", is accepted",
            age);
      }
      answers(age);
      if (isEnough.test(read.fleet(), read.value())) {
        return new Attempt<>(read.aged(age, true), "");
      }
      if (nanos.getAsLong() >= until || Thread.currentThread().isInterrupted()) {
        return behind(age);
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  /** Returns the most that the clock of a cycle can show by now. */
  private OptionalLong clockOf(LeaseSql.Server server) {
    LongSupplier own = clock.nanos();
    return own == null ? primary.atMost(server) : OptionalLong.of(own.getAsLong());
  }

  private synchronized <T> Attempt<T> failed(String why, long age) {
    ageNanos = age;
    if (trouble == null) {
      log.warn(
          "the standby of schema {} {}; readings go to the primary, {} at a time",
          database.schema.name(),
          why,
          StoredReader.MOST_AT_PRIMARY);
    }
    trouble = why;
    troubledNanos = nanos.getAsLong();
    return new Attempt<>(null, "the standby " + why);
  }

  private synchronized void answers(long age) {
    ageNanos = age;
    if (trouble != null) {
      log.info("the standby of schema {} answers again", database.schema.name());
      trouble = null;
    }
  }

  private synchronized <T> Attempt<T> behind(long ageNanos) {
    String why =
        "lacks the assignment that was asked for, and is " + Unit.NANOS.print(ageNanos) + " old";
    if (nanos.getAsLong() - toldNanos >= TOLD.toNanos()) {
      toldNanos = nanos.getAsLong();
      log.warn(
          "the standby of schema {} {}; such readings go to the primary",
          database.schema.name(),
          why);
    }
    return new Attempt<>(null, "the standby " + why);
  }
}
