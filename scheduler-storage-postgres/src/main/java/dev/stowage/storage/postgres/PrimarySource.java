package dev.stowage.storage.postgres;

import dev.stowage.store.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connects to the server of an address that the cluster's manager calls the primary, and refuses
 * transactions once it does so no longer: a primary that was cut off from the cluster still accepts
 * writes, which are lost. Thread-safe.
 */
final class PrimarySource {
  /** The age at which the manager's answer is asked for again. */
  static final Duration FRESH = Duration.ofSeconds(1);

  /** The state of a server that was not reached. */
  private static final String UNREACHED = "08001";

  private static final String USUAL_PORT = "5432";

  private final String before;
  private final List<String> hosts;
  private final String behind;
  private final PrimaryCheck check;
  private final Duration fresh;
  private final Properties login;
  private @Nullable String primary;
  private long askedNanos;
  private long generation;

  /** Creates a source of connections to one of the hosts of a {@code jdbc:postgresql} address. */
  PrimarySource(String url, Properties login, PrimaryCheck check, Duration fresh) {
    int from = url.indexOf("//") + 2;
    int to = url.indexOf('/', from);
    before = url.substring(0, from);
    hosts = List.of(url.substring(from, to).split(","));
    behind = url.substring(to);
    this.check = check;
    this.fresh = fresh;
    this.login = login;
  }

  /** Reports whether an address names several hosts. */
  static boolean hasSeveralHosts(String url) {
    int from = url.indexOf("//") + 2;
    int to = url.indexOf('/', from);
    return from > 1 && to > from && url.substring(from, to).contains(",");
  }

  /** Returns the source as a pool takes it. */
  DataSource asDataSource() {
    return PinnedSource.with(
        DataSource.class, new PGSimpleDataSource(), "getConnection", this::connect);
  }

  Connection connect() throws SQLException {
    String host = found();
    if (host == null) {
      throw new SQLTransientConnectionException(nobody(), UNREACHED);
    }
    Connection connection = new Driver().connect(before + host + behind, login);
    if (connection == null) {
      throw new SQLException("the driver does not take the address", UNREACHED);
    }
    leads(host);
    return connection;
  }

  /** Returns the first host that is the primary, or null. */
  private @Nullable String found() {
    for (String host : hosts) {
      if (isPrimary(host)) {
        return host;
      }
    }
    return null;
  }

  private String nobody() {
    return "the cluster's manager calls none of " + hosts + " its primary";
  }

  private synchronized void leads(@Nullable String host) {
    if (!Objects.equals(host, primary)) {
      primary = host;
      generation++;
    }
    askedNanos = OwnProcess.nanos();
  }

  /** Returns a number that grows when another server is the primary. */
  synchronized long generation() {
    return generation;
  }

  /** Throws {@code Transient} unless the server of the newest connection is the primary still. */
  void require() {
    String host;
    synchronized (this) {
      host = primary;
      if (OwnProcess.nanos() - askedNanos < fresh.toNanos()) {
        if (host == null) {
          throw refused(nobody());
        }
        return;
      }
    }
    if (host == null) {
      // The connection that the transaction then makes asks again.
      if (found() == null) {
        leads(null);
        throw refused(nobody());
      }
    } else if (isPrimary(host)) {
      leads(host);
    } else {
      leads(null);
      throw refused(
          "the cluster's manager no longer calls "
              + host
              + " its primary; nothing is written there");
    }
  }

  private static StorageException.Transient refused(String why) {
    return new StorageException.Transient(why, StorageException.Outcome.NOT_COMMITTED, null);
  }

  private boolean isPrimary(String host) {
    boolean isBare = host.indexOf(':') < 0 || host.endsWith("]");
    String name = isBare ? host : host.substring(0, host.lastIndexOf(':'));
    String port = isBare ? USUAL_PORT : host.substring(host.lastIndexOf(':') + 1);
    try {
      return check.isPrimary(name, Integer.parseInt(port));
    } catch (RuntimeException e) {
      return false;
    }
  }
}
