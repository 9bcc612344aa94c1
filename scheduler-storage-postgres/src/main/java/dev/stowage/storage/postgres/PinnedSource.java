package dev.stowage.storage.postgres;

import dev.stowage.storage.postgres.sql.SessionSettings;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Lends connections to Flyway, which names operators without their schemas: the settings of {@link
 * SessionSettings} hold for each session until Flyway closes it.
 */
final class PinnedSource {
  private PinnedSource() {}

  static DataSource over(DataSource source) {
    return with(DataSource.class, source, "getConnection", () -> pinned(source.getConnection()));
  }

  private static Connection pinned(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      String restoring;
      try (ResultSet answer = statement.executeQuery(SessionSettings.restoring())) {
        answer.next();
        restoring = answer.getString(1);
      }
      statement.execute(SessionSettings.ofSession());
      return with(Connection.class, connection, "close", () -> close(connection, restoring));
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static @Nullable Object close(Connection connection, String restoring)
      throws SQLException {
    try (connection;
        Statement statement = connection.createStatement()) {
      boolean wasCommitting = connection.getAutoCommit();
      connection.setAutoCommit(true);
      statement.execute(restoring);
      connection.setAutoCommit(wasCommitting);
    }
    return null;
  }

  /** Returns a target of which one method is another. */
  static <T> T with(Class<T> type, T target, String name, Callable<?> other) {
    return type.cast(
        Proxy.newProxyInstance(
            PinnedSource.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, values) -> {
              try {
                return method.getName().equals(name) ? other.call() : method.invoke(target, values);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
