package dev.stowage.storage.postgres;

import dev.stowage.storage.postgres.sql.SessionSettings;
import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Hands out connections whose transactions begin with {@link SessionSettings#pins}, for statements
 * that are not this library's: Flyway names operators without their schemas. A statement outside a
 * transaction gets one of its own, because a session's settings would stay in the connection of a
 * host or of a pooling proxy. Thread-safe; its connections are not.
 */
final class PinnedSource implements DataSource {
  private final DataSource source;
  private final String path;
  private final String pins;

  /** Creates a source whose statements look names up along a path. */
  PinnedSource(DataSource source, String path) {
    this.source = source;
    this.path = path;
    pins = SessionSettings.pins(path);
  }

  @Override
  public Connection getConnection() throws SQLException {
    return pinned(source.getConnection());
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return pinned(source.getConnection(user, password));
  }

  private Connection pinned(Connection connection) throws SQLException {
    try {
      Transactions transactions = new Transactions(connection, path, begin(connection));
      return proxy(Connection.class, transactions::answer);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Permits writes where only the session's default forbids them. */
  private String begin(Connection connection) throws SQLException {
    boolean isPrimary =
        "off".equals(connection.unwrap(PGConnection.class).getParameterStatus("in_hot_standby"));
    return isPrimary ? "SET TRANSACTION READ WRITE; " + pins : pins;
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            PinnedSource.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static @Nullable Object call(Object target, Method method, @Nullable Object[] with)
      throws Throwable {
    try {
      return method.invoke(target, with);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** The transactions of a connection. To its user it commits by itself until told otherwise. */
  private static final class Transactions {
    private final Connection connection;
    private final String path;
    private final String begin;
    private final boolean wasCommitting;
    private boolean isCommitting = true;
    private boolean isOpen;

    Transactions(Connection connection, String path, String begin) throws SQLException {
      this.connection = connection;
      this.path = path;
      this.begin = begin;
      wasCommitting = connection.getAutoCommit();
      connection.setAutoCommit(false);
    }

    @Nullable Object answer(Object self, Method method, @Nullable Object[] with) throws Throwable {
      switch (method.getName()) {
        case "getAutoCommit" -> {
          return isCommitting;
        }
        case "setAutoCommit" -> {
          isCommitting = Boolean.TRUE.equals(with[0]);
          end(isCommitting);
          return null;
        }
        case "commit" -> {
          end(true);
          return null;
        }
        case "close" -> {
          close();
          return null;
        }
        case "rollback" -> {
          isOpen &= with != null;
          return call(connection, method, with);
        }
        case "isClosed", "unwrap", "isWrapperFor" -> {
          return call(connection, method, with);
        }
        default -> {
          if (with != null && with[0] instanceof String sql) {
            with[0] = local(sql);
          }
          // The driver itself asks the server for some answers, metadata later on.
          open();
          Object answer = call(connection, method, with);
          if (answer instanceof Statement statement) {
            return proxy(
                type(statement), (same, asked, values) -> run(self, statement, asked, values));
          }
          end(isCommitting && !(answer instanceof DatabaseMetaData));
          return answer;
        }
      }
    }

    /** Limits what Flyway sets for a session to the transaction, and keeps the path. */
    private String local(String sql) {
      return sql.replace(
              "set_config('search_path', ?, false)",
              "set_config('search_path', '" + path + "' || left(?, 0), true)")
          .replaceFirst("^SET ROLE ", "SET LOCAL ROLE ");
    }

    private static Class<? extends Statement> type(Statement statement) {
      return statement instanceof java.sql.CallableStatement
          ? java.sql.CallableStatement.class
          : statement instanceof java.sql.PreparedStatement
              ? java.sql.PreparedStatement.class
              : Statement.class;
    }

    private @Nullable Object run(
        Object self, Statement statement, Method method, @Nullable Object[] with) throws Throwable {
      if (method.getName().equals("getConnection")) {
        return self;
      }
      if (!method.getName().startsWith("execute")) {
        return call(statement, method, with);
      }
      if (with != null && with[0] instanceof String sql) {
        with[0] = local(sql);
      }
      open();
      try {
        Object answer = call(statement, method, with);
        end(isCommitting);
        return answer;
      } catch (SQLException e) {
        if (isCommitting) {
          isOpen = false;
          connection.rollback();
        }
        throw e;
      }
    }

    private void open() throws SQLException {
      if (isOpen) {
        return;
      }
      isOpen = true;
      try (Statement first = connection.createStatement()) {
        first.execute(begin);
      }
    }

    private void end(boolean isOver) throws SQLException {
      if (isOver && isOpen) {
        isOpen = false;
        connection.commit();
      }
    }

    private void close() throws SQLException {
      try (connection) {
        if (!connection.isClosed()) {
          connection.rollback();
          connection.setAutoCommit(wasCommitting);
        }
      }
    }
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    return source.getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    source.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    source.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return source.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    return source.getParentLogger();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return source.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return source.isWrapperFor(type);
  }
}
