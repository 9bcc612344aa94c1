package host;

// insert: java 1 of README.md imports
import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.store.ChunkStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** The example of the README, with another store. */
public final class Host {
  private Host() {}

  /** Takes the address of a database and a schema that nobody has; drops it at the end. */
  public static void main(String[] urlAndSchema) throws SQLException {
    String url = urlAndSchema[0];
    String schema = urlAndSchema[1];
    try (ChunkStore store = PostgresChunkStore.builder(url).schema(schema).open()) {
      example(store);
    } finally {
      drop(url, schema);
    }
  }

  private static void example(ChunkStore store) {
    // insert: java 1 of README.md statements
    if (route.workers().size() < 2) {
      throw new AssertionError("routed to " + route.workers());
    }
    System.out.println("routed to " + route.workers());
  }

  private static void drop(String url, String schema) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
    }
  }
}
