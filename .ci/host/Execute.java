import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;

/** Executes the SQL statements of its input, one a line, each in a transaction of its own. */
public final class Execute {
  private Execute() {}

  /** Takes the address of the database. */
  public static void main(String[] url) throws Exception {
    try (Connection connection = DriverManager.getConnection(url[0]);
        Statement statement = connection.createStatement()) {
      for (String line : new String(System.in.readAllBytes()).lines().toList()) {
        statement.execute(line);
      }
    }
  }
}
