package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.store.StorageException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers on which no fleet can be begun: the error names the cause and the remedy. */
class UnfitServerTest {
  @TempDir private Path folder;

  @Test
  void hotStandby_isNamedAsReadOnly() throws IOException {
    Path data = folder.resolve("data");
    server(data).start().close();
    Files.createFile(data.resolve("standby.signal"));
    try (EmbeddedPostgres standby = server(data).start()) {
      PostgresChunkStore.Builder builder =
          PostgresChunkStore.builder(standby.getJdbcUrl("postgres", "postgres"));
      assertThatThrownBy(builder::open)
          .isInstanceOf(StorageException.Transient.class)
          .hasMessageContaining("schema stowage could not be set up")
          .hasMessageContaining("the server is read-only")
          .hasMessageContaining("connect to the primary");
    }
  }

  private static EmbeddedPostgres.Builder server(Path data) {
    return TestServer.embedded().setDataDirectory(data).setCleanDataDirectory(false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"require", "verify-ca", "verify-full"})
  void serverWithoutSsl_isNamed_whereTheAddressAsksForIt(String mode) throws IOException {
    try (EmbeddedPostgres server = server(folder.resolve("data")).start()) {
      String url = server.getJdbcUrl("postgres", "postgres") + "&sslmode=" + mode;
      assertThatThrownBy(() -> PostgresChunkStore.builder(url).open())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the JDBC URL asks for encryption (sslmode)")
          .hasMessageContaining("set ssl = on")
          .hasMessageNotContaining("password");
    }
  }
}
