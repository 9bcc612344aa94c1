package dev.stowage.storage.postgres.sql;

import dev.stowage.shape.Unit;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;

/** Connects within a limit, whatever limits a source of connections has. */
final class Connecting {
  /** The driver's state of a server that was not reached. */
  private static final String UNREACHED = "08001";

  private Connecting() {}

  /** Returns a connection. One that comes too late goes back to its source. */
  static Connection within(DataSource source, Duration limit) throws SQLException {
    CompletableFuture<Connection> coming = new CompletableFuture<>();
    Thread thread = new Thread(() -> connect(source, coming), "stowage-connect");
    thread.setDaemon(true);
    thread.start();
    try {
      return coming.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SQLException known) {
        throw known;
      }
      throw new SQLTransientConnectionException("no connection", UNREACHED, e.getCause());
    } catch (TimeoutException e) {
      throw late(coming, "no connection within " + Unit.NANOS.print(limit.toNanos()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw late(coming, "interrupted while connecting", e);
    }
  }

  private static SQLException late(
      CompletableFuture<Connection> coming, String why, Exception cause) throws SQLException {
    if (!coming.completeExceptionally(cause) && !coming.isCompletedExceptionally()) {
      coming.join().close();
    }
    return new SQLTransientConnectionException(why, UNREACHED, cause);
  }

  private static void connect(DataSource source, CompletableFuture<Connection> coming) {
    try {
      Connection made = source.getConnection();
      if (!coming.complete(made)) {
        made.close();
      }
    } catch (SQLException | RuntimeException e) {
      coming.completeExceptionally(e);
    }
  }
}
