package dev.stowage.storage.postgres;

import dev.stowage.storage.postgres.sql.Database;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.SqlBatch;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who wants to be woken when there is news. Those of this process are told by the thread that
 * submitted, and by a thread that listens for what other processes submit, on a connection of its
 * own that it holds as long as anybody is subscribed. Hints only: after a connection was lost
 * everybody is woken, because something may have been missed. Thread-safe.
 */
final class WakeUps implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WakeUps.class);

  /** How long a wait lasts before it is looked whether anybody still wants to be woken. */
  private static final int LOOK_MILLIS = 500;

  private static final long RETRY_MILLIS = 1_000;

  private final Database database;
  private final boolean isListening;
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable Thread listener;

  /**
   * Nobody yet.
   *
   * @param isListening whether to listen for other processes
   */
  WakeUps(Database database, boolean isListening) {
    this.database = database;
    this.isListening = isListening;
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
        // What was submitted is durable: its submitter must not take this for a refusal.
        LOG.warn("a hint that there is news failed", e);
      }
    }

    @Override
    public void close() {
      isOver = true;
      subscriptions.remove(this);
    }
  }

  /** Wakes this one from now on, until the answer is closed. */
  synchronized AutoCloseable subscribe(Runnable hint) {
    Subscription subscription = new Subscription(hint);
    subscriptions.add(subscription);
    if (isListening && listener == null && !isClosed()) {
      Thread thread = new Thread(this::listen, "stowage-listen-" + database.schema.name());
      thread.setDaemon(true);
      thread.start();
      listener = thread;
    }
    return subscription;
  }

  /** Wakes everybody in this process. */
  void wake() {
    subscriptions.forEach(Subscription::wake);
  }

  /**
   * Wakes who listens in other processes, if the transaction commits. Only the first news since the
   * leader took some in does: a commit that notifies waits for every other one that does.
   */
  static void notify(SqlBatch before, FleetSchema schema) {
    before.visit(notification(schema), row -> {});
  }

  /** Looks at the newest news: the oldest were just taken in, and may still be in the way. */
  private static String notification(FleetSchema schema) {
    return "SELECT pg_notify('"
        + channel(schema)
        + "', '')"
        + " WHERE (SELECT mark FROM $.news ORDER BY mark DESC LIMIT 1) IS NULL";
  }

  private static String channel(FleetSchema schema) {
    return "stowage_" + schema.name();
  }

  private void listen() {
    boolean isMissing = false;
    while (isWanted()) {
      try (Connection connection = database.connection()) {
        connection.setAutoCommit(true);
        try (var statement = connection.createStatement()) {
          statement.execute("LISTEN " + channel(database.schema));
          if (isMissing) {
            wake();
          }
          isMissing = true;
          hear(connection.unwrap(PGConnection.class));
          statement.execute("UNLISTEN *");
        }
      } catch (SQLException | RuntimeException e) {
        LOG.debug("listening for news was interrupted; it is taken up again", e);
        pause();
      }
    }
  }

  private void hear(PGConnection connection) throws SQLException {
    while (isWanted()) {
      var heard = connection.getNotifications(LOOK_MILLIS);
      if (heard != null && heard.length > 0) {
        wake();
      }
    }
  }

  /** Whether anybody still wants to hear; once it said no, this thread is the listener no more. */
  private synchronized boolean isWanted() {
    if (listener != Thread.currentThread()) {
      return false;
    }
    if (isClosed() || subscriptions.isEmpty()) {
      listener = null;
      return false;
    }
    return true;
  }

  private void pause() {
    try {
      if (closed.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
        LOG.debug("closed while it waited to listen again");
      }
    } catch (InterruptedException e) {
      // Nobody has this thread but the store itself: whoever interrupts it wants it to end.
      closed.countDown();
      Thread.currentThread().interrupt();
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  @Override
  public void close() {
    closed.countDown();
    subscriptions.clear();
  }
}
