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
 * Wakes subscribers to news, from the submitting thread or from one that listens on its own
 * connection. Wakes all after a lost connection, which may hide news. Thread-safe.
 */
final class WakeUps implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WakeUps.class);

  /** The milliseconds between two checks for subscribers. */
  private static final int LOOK_MILLIS = 500;

  private static final long RETRY_MILLIS = 1_000;

  private final Database database;
  private final boolean isListening;
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable Thread listener;

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
        // The command is durable, and its submitter must not take this failure for a refusal.
        LOG.warn("a subscriber of news threw when it was told of news", e);
      }
    }

    @Override
    public void close() {
      isOver = true;
      subscriptions.remove(this);
    }
  }

  /** Subscribes until the returned handle is closed. */
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

  /** Reports whether to go on listening; after false this thread is no longer the listener. */
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
      // Only the store has this thread, so an interrupt asks it to end.
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
