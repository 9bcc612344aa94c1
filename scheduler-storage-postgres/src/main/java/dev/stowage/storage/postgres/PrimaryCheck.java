package dev.stowage.storage.postgres;

/**
 * Asks the manager of a cluster whether a server is the primary, as {@code GET /primary} of Patroni
 * does. Thread-safe.
 */
@FunctionalInterface
public interface PrimaryCheck {
  /**
   * Reports whether the server at a host and a port of the JDBC address is the cluster's primary
   * now; false if that cannot be found out. Called before a connection is made and, once a second
   * at most, before a transaction, which waits for the answer: bound it to a second or two. An
   * exception counts as false.
   */
  boolean isPrimary(String host, int port);
}
