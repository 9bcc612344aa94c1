package dev.stowage.storage.postgres;

import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.SqlBatch;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes the subscribers to a fleet's news, from the submitting thread or from a listener's.
 * Thread-safe.
 */
final class WakeUps implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WakeUps.class);

  private final FleetSchema schema;
  private final @Nullable Listener listener;
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private boolean isClosed;

  /** A null {@code listener} leaves news of other processes untold. */
  WakeUps(FleetSchema schema, @Nullable Listener listener) {
    this.schema = schema;
    this.listener = listener;
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
      listener.listen(channel(schema), this::wake);
    }
    return subscription;
  }

  private synchronized void end(Subscription subscription) {
    subscriptions.remove(subscription);
    if (listener != null && subscriptions.isEmpty()) {
      listener.leave(channel(schema));
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
        + " WHERE (SELECT mark FROM $.news ORDER BY mark DESC LIMIT 1) IS NULL";
  }

  private static String channel(FleetSchema schema) {
    return "stowage_" + schema.name();
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    subscriptions.clear();
    if (listener != null) {
      listener.leave(channel(schema));
    }
  }
}
