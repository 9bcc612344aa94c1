package dev.stowage.storage.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to the channels of any number of fleets, on one connection and one thread, both of which
 * end with the last channel. Calls all after a lost connection, which may hide news. Thread-safe.
 */
final class Listener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

  /** The milliseconds between two checks for channels. */
  private static final int LOOK_MILLIS = 500;

  private static final long RETRY_MILLIS = 1_000;

  private final Source source;
  private final String name;
  private final Map<String, Runnable> wanted = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable Thread thread;

  /** Gives a connection, which the listener closes. */
  interface Source {
    Connection connect() throws SQLException;
  }

  Listener(Source source, String name) {
    this.source = source;
    this.name = name;
  }

  /** Calls {@code heard} for each notification of a channel, until it is left. */
  synchronized void listen(String channel, Runnable heard) {
    wanted.put(channel, heard);
    if (thread == null && !isClosed()) {
      Thread begun = new Thread(this::run, "stowage-listen-" + name);
      begun.setDaemon(true);
      begun.start();
      thread = begun;
    }
  }

  void leave(String channel) {
    wanted.remove(channel);
  }

  private void run() {
    boolean isMissing = false;
    while (keepOrEnd()) {
      try (Connection connection = source.connect()) {
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
          hear(connection.unwrap(PGConnection.class), statement, isMissing);
          statement.execute("UNLISTEN *");
        }
      } catch (SQLException | RuntimeException e) {
        LOG.debug("listening for news was interrupted; it is taken up again", e);
        pause();
      }
      isMissing = true;
    }
  }

  private void hear(PGConnection connection, Statement statement, boolean isMissing)
      throws SQLException {
    Set<String> heard = new TreeSet<>();
    boolean isFirst = true;
    while (keepOrEnd()) {
      for (Map.Entry<String, Runnable> each : wanted.entrySet()) {
        if (heard.add(each.getKey())) {
          statement.execute("LISTEN " + each.getKey());
          if (isMissing && isFirst) {
            each.getValue().run();
          }
        }
      }
      isFirst = false;
      for (String channel : List.copyOf(heard)) {
        if (!wanted.containsKey(channel)) {
          statement.execute("UNLISTEN " + channel);
          heard.remove(channel);
        }
      }
      var news = connection.getNotifications(LOOK_MILLIS);
      Set<String> told = new TreeSet<>();
      for (int at = 0; news != null && at < news.length; at++) {
        told.add(news[at].getName());
      }
      for (String channel : told) {
        wanted.getOrDefault(channel, () -> {}).run();
      }
    }
  }

  /** Goes on listening or ends; after false this thread is no longer the listener. */
  private synchronized boolean keepOrEnd() {
    if (thread != Thread.currentThread()) {
      return false;
    }
    if (isClosed() || wanted.isEmpty()) {
      thread = null;
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
      // Only the listener has this thread, so an interrupt asks it to end.
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
    wanted.clear();
  }
}
