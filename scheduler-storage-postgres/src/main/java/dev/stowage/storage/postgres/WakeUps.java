package dev.stowage.storage.postgres;

import dev.stowage.storage.postgres.sql.Database;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.store.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes the subscribers to a fleet's news or to its assignments, from the submitting thread or from
 * a listener's. Thread-safe.
 */
final class WakeUps implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WakeUps.class);

  private static final Duration TELLING = Duration.ofSeconds(1);

  private final String channel;
  private final @Nullable Listener listener;
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private boolean isClosed;

  private WakeUps(String channel, @Nullable Listener listener) {
    this.channel = channel;
    this.listener = listener;
  }

  /** Returns those of news; a null {@code listener} leaves those of other processes untold. */
  static WakeUps ofNews(FleetSchema schema, @Nullable Listener listener) {
    return new WakeUps(channel(schema), listener);
  }

  /** Returns those of answers, which only a listener hears of. */
  static WakeUps ofAnswers(FleetSchema schema, @Nullable Listener listener) {
    return new WakeUps(answers(schema), listener);
  }

  /** Returns those of assignments, which only a listener hears of. */
  static WakeUps ofAssignments(FleetSchema schema, @Nullable Listener listener) {
    return new WakeUps(assignments(schema), listener);
  }

  private final class Subscription implements AutoCloseable {
    private final Runnable hint;
    private volatile boolean isOver;

    Subscription(Runnable hint) {
      this.hint = hint;
    }

    void wake() {
      try {
        if (!isOver) {
          hint.run();
        }
      } catch (RuntimeException e) {
        // The command is durable, and its submitter must not take this failure for a refusal.
        LOG.warn("a subscriber of news threw when it was told of news", e);
      }
    }

    @Override
    public void close() {
      isOver = true;
      end(this);
    }
  }

  /** Subscribes until the returned handle is closed. */
  synchronized AutoCloseable subscribe(Runnable hint) {
    Subscription subscription = new Subscription(hint);
    subscriptions.add(subscription);
    if (listener != null && !isClosed) {
      listener.listen(channel, this::wake);
    }
    return subscription;
  }

  private synchronized void end(Subscription subscription) {
    subscriptions.remove(subscription);
    if (listener != null && subscriptions.isEmpty()) {
      listener.leave(channel);
    }
  }

  void wake() {
    subscriptions.forEach(Subscription::wake);
  }

  /** Notifies at commit, for the first news only: commits that notify wait for each other. */
  static void notify(SqlBatch before, FleetSchema schema) {
    before.visit(notification(schema), row -> {});
  }

  /** Looks at the newest news, because dead rows of consumed news slow the oldest end down. */
  private static String notification(FleetSchema schema) {
    return "SELECT pg_notify('"
        + channel(schema)
        + "', '')"
        + " WHERE (SELECT mark FROM $.inbox ORDER BY mark DESC LIMIT 1) IS NULL";
  }

  /** The news of a leader's commit. */
  record Told(boolean isAssignment, boolean isAnswer) {}

  /**
   * Notifies of a commit after it, in a transaction that waits for no disk: commits that notify
   * wait for each other. One that fails leaves it untold.
   */
  static void tell(Database database, Told told) {
    SqlBatch last = new SqlBatch();
    if (told.isAssignment()) {
      last.visit("SELECT pg_notify('" + assignments(database.schema) + "', '')", row -> {});
    }
    if (told.isAnswer()) {
      last.visit("SELECT pg_notify('" + answers(database.schema) + "', '')", row -> {});
    }
    SqlBatch opening = database.opening(Database.Gate.LEASE, TELLING);
    try (SqlTransaction transaction = database.beginWithin(opening, TELLING)) {
      transaction.commit(last);
    } catch (StorageException untold) {
      LOG.debug("other processes were not told of a commit", untold);
    }
  }

  private static String channel(FleetSchema schema) {
    return "stowage_" + schema.name();
  }

  private static String answers(FleetSchema schema) {
    return "answered_stowage_" + schema.name();
  }

  private static String assignments(FleetSchema schema) {
    return "told_stowage_" + schema.name();
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    subscriptions.clear();
    if (listener != null) {
      listener.leave(channel);
    }
  }
}
