package dev.stowage.storage.postgres.sql;

import static java.util.stream.Collectors.joining;

import dev.stowage.storage.postgres.JdbcAddress;
import dev.stowage.store.StorageException;
import dev.stowage.store.StorageException.Outcome;
import java.io.FileNotFoundException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.GT;

/** Translates failures of the driver into the three kinds of storage failures. */
public final class Failures {
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /** The driver's state for a missing password or an unknown authentication method. */
  private static final String CONNECTION_REJECTED = "08004";

  /** The state of driver and server for an unreadable parameter. */
  private static final String BAD_PARAMETER = "22023";

  /** The state of a write on a hot standby, or where the session may only read. */
  private static final String READ_ONLY = "25006";

  /** The state of a user, address or encryption that no line of the server's pg_hba.conf takes. */
  private static final String NOT_AUTHORIZED = "28000";

  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  /** The part of the driver's message about another host's certificate that is in no language. */
  private static final String HOST_VERIFIER = "PgjdbcHostnameVerifier";

  /** The message of pgbouncer about a setting that it does not know. */
  private static final String REFUSED_SETTING = "unsupported startup parameter";

  /** Missing objects, columns, keys and functions, and types that do not fit. */
  private static final List<String> OF_THE_SCHEMA =
      List.of("3F000", "42P01", "42703", "42883", "42804", "42P10", "42809", "42846");

  /** Characters that the database's encoding lacks. */
  private static final List<String> ENCODING = List.of("22021", "22P05");

  private Failures() {}

  /** Translates a failure to connect. No row is read then, so a bad value is a parameter's. */
  public static RuntimeException ofConnecting(String doing, SQLException e) {
    return stateOf(e).equals(BAD_PARAMETER)
        ? new IllegalArgumentException(
            doing + ": " + inOneLine(e) + "; correct this parameter of the connection", e)
        : of(doing, e);
  }

  /** Translates a failure that committed nothing. */
  public static RuntimeException of(String doing, SQLException e) {
    return of(doing, Outcome.NOT_COMMITTED, e);
  }

  static RuntimeException of(String doing, Outcome outcome, SQLException e) {
    String state = stateOf(e);
    String said = doing + ": " + inOneLine(e);
    if (state.equals(CONNECTION_REJECTED)) {
      return isWithoutSsl(e) ? withoutSsl(said, e) : notLetIn(said, e);
    }
    if (isDistrusted(e)) {
      return new IllegalStateException(
          said
              + "; the certificate of the server is not accepted: let sslrootcert in the JDBC URL"
              + " name the file of its authority, and let the URL name the host as the certificate"
              + " does",
          e);
    }
    if (state.equals(READ_ONLY)) {
      return new StorageException.Transient(
          said
              + "; the server is read-only, as a hot standby is: connect to the primary, with"
              + " targetServerType=primary if the JDBC URL names several servers; if it is the"
              + " primary, set default_transaction_read_only to off for the user",
          outcome,
          e);
    }
    if (said.contains(REFUSED_SETTING)) {
      return new IllegalStateException(
          said + "; add it to ignore_startup_parameters of the proxy", e);
    }
    return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
      case "23" ->
          new StorageException.Corrupt(
              said
                  + "; it conflicts with a row that another process wrote or that was changed by"
                  + " hand: look at the row that is named, and run audit",
              e);
      case "22" -> valueAtFault(said, state, e);
      case "28" -> notLetIn(said, e);
      case "3D" -> new IllegalStateException(said + "; create the database first", e);
      case "3F", "42" -> isOfRights(e) ? ofRights(doing, "", e) : schemaAtFault(said, e);
      case "53" ->
          new StorageException.Transient(
              said + "; the server is short of disk, memory or connections: make room there",
              outcome,
              e);
      case "XX" ->
          outcome == Outcome.UNKNOWN
              ? new StorageException.Transient(said, outcome, e)
              : new StorageException.Corrupt(said + "; restore the database from a backup", e);
      default -> new StorageException.Transient(said, outcome, e);
    };
  }

  /** Translates a failure of a commit; the commit did not happen if the server refused it. */
  public static RuntimeException ofCommit(SQLException e) {
    String state = stateOf(e);
    boolean isUnanswered =
        state.isEmpty()
            || state.startsWith("08")
            || state.startsWith("57")
            || state.equals("XX000");
    return of("the commit", isUnanswered ? Outcome.UNKNOWN : Outcome.NOT_COMMITTED, e);
  }

  public static boolean isLockTimeout(@Nullable Throwable cause) {
    return cause instanceof SQLException e && stateOf(e).equals(LOCK_NOT_AVAILABLE);
  }

  private static RuntimeException notLetIn(String said, SQLException e) {
    String rules =
        stateOf(e).equals(NOT_AUTHORIZED)
            ? ", from an address and with the encryption (sslmode in the JDBC URL) that its"
                + " pg_hba.conf names"
            : "";
    return new IllegalStateException(
        said + "; give a user and a password that the server accepts" + rules, e);
  }

  /** Compares with the driver's own words, which are in the language of the JVM. */
  private static boolean isWithoutSsl(SQLException e) {
    return GT.tr("The server does not support SSL.").equals(e.getMessage());
  }

  /**
   * Reports whether the driver refused the server's certificate, or could not read a file for it.
   */
  private static boolean isDistrusted(SQLException e) {
    if (String.valueOf(e.getMessage()).contains(HOST_VERIFIER)) {
      return true;
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException || cause instanceof FileNotFoundException) {
        return true;
      }
    }
    return false;
  }

  private static RuntimeException withoutSsl(String said, SQLException e) {
    return new IllegalStateException(
        said
            + "; the JDBC URL asks for encryption (sslmode) and this server has none: set ssl = on"
            + " with ssl_cert_file and ssl_key_file on the server, or sslmode=disable in the URL if"
            + " the network is trusted",
        e);
  }

  private static RuntimeException schemaAtFault(String said, SQLException e) {
    if (isOfTheSchema(e)) {
      return new StorageException.Corrupt(
          said
              + "; the schema is not as its scripts left it: run audit, which names the"
              + " differences, then restore a backup",
          e);
    }
    return new IllegalStateException(said, e);
  }

  /** Reports whether the user lacks a right. */
  public static boolean isOfRights(SQLException e) {
    return stateOf(e).equals(INSUFFICIENT_PRIVILEGE);
  }

  /**
   * Translates a lack of rights.
   *
   * @param role the role of {@code roles.sql} that has the right, without its prefix; empty if
   *     unknown
   */
  public static RuntimeException ofRights(String doing, String role, SQLException e) {
    return new IllegalStateException(
        doing
            + ": "
            + inOneLine(e)
            + "; grant the user "
            + (role.isEmpty() ? "the role that may do this" : "the role <prefix>_" + role)
            + ", one of those that the script of \"stowage roles\" makes; run the script again"
            + " after each upgrade",
        e);
  }

  /** Reports whether a table, column, key or function is missing or has another type. */
  static boolean isOfTheSchema(SQLException e) {
    return OF_THE_SCHEMA.contains(stateOf(e));
  }

  /** Reports whether setting up a schema failed for a reason that is told as everywhere else. */
  public static boolean isOfTheServer(SQLException e) {
    String state = stateOf(e);
    return state.equals(READ_ONLY)
        || isOfRights(e)
        || state.startsWith("08")
        || state.startsWith("28")
        || state.startsWith("57")
        || state.startsWith("53");
  }

  /** Reports whether the server was not reached or went away. */
  static boolean isUnreached(SQLException e) {
    String state = stateOf(e);
    return state.isEmpty() || state.startsWith("08") || state.startsWith("57P");
  }

  /** Blames a stored value, because sent values were checked. */
  private static RuntimeException valueAtFault(String said, String state, SQLException e) {
    if (ENCODING.contains(state)) {
      return new IllegalStateException(said + "; the encoding of the database must be UTF8", e);
    }
    return new StorageException.Corrupt(
        said
            + "; some row has a value that no store writes and was changed by hand: run audit, then"
            + " restore a backup",
        e);
  }

  /** Joins the lines of error, detail and context, without addresses' passwords. */
  private static String inOneLine(SQLException e) {
    String said = JdbcAddress.redacted(String.valueOf(e.getMessage()));
    return StorageException.escaped(said.lines().map(String::strip).collect(joining(" ")));
  }

  private static String stateOf(SQLException e) {
    String state = e.getSQLState();
    return state == null ? "" : state;
  }
}
