import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;

/** A PostgreSQL server for the hosts: writes its address to a file, and ends with its input. */
public final class Server {
  private Server() {}

  /** Takes the file. */
  public static void main(String[] file) throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().start()) {
      Path unfinished = Path.of(file[0] + ".new");
      Files.writeString(unfinished, server.getJdbcUrl("postgres", "postgres"));
      Files.move(unfinished, Path.of(file[0]));
      while (System.in.read() >= 0) {
        // waits for the end
      }
    }
  }
}
