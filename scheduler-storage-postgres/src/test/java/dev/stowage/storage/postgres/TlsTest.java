package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Addresses with {@code sslmode=verify-full}, on a server whose certificate names {@code
 * localhost}. The authorities {@code root}, which signed it, and {@code foreign} have no keys any
 * more; all certificates last a hundred years.
 */
class TlsTest {
  private static final TestServer server = TestServer.alone();

  @TempDir private static Path folder;

  @BeforeAll
  static void start() throws IOException {
    for (String file : new String[] {"root.crt", "foreign.crt", "server.crt", "server.key"}) {
      try (InputStream in = TlsTest.class.getResourceAsStream("/tls/" + file)) {
        Files.copy(in, folder.resolve(file));
      }
    }
    // The server refuses a key that others may read.
    Files.setPosixFilePermissions(
        folder.resolve("server.key"), PosixFilePermissions.fromString("rw-------"));
    set("ssl_cert_file = '" + path("server.crt") + "'");
    set("ssl_key_file = '" + path("server.key") + "'");
    set("ssl = on");
    reload("on");
  }

  @AfterAll
  static void stop() {
    for (String name : new String[] {"ssl", "ssl_cert_file", "ssl_key_file"}) {
      server.execute("ALTER SYSTEM RESET " + name);
    }
    reload("off");
  }

  private static void set(String setting) {
    server.execute("ALTER SYSTEM SET " + setting);
  }

  private static void reload(String ssl) {
    server.text("SELECT pg_reload_conf()");
    ReplicatedServer.await(() -> ssl.equals(server.text("SHOW ssl")));
  }

  private static String path(String file) {
    return folder.resolve(file).toString();
  }

  private static PostgresChunkStore.Builder over(String host, String authority) {
    return PostgresChunkStore.builder(
        "jdbc:postgresql://"
            + host
            + ":"
            + server.port()
            + "/postgres?user=postgres&sslmode=verify-full&sslrootcert="
            + path(authority + ".crt"));
  }

  @Test
  void serverOfTheNamedHost_withACertificateOfTheAuthority_isOpened() {
    try (Home home = Home.at(server);
        PostgresChunkStore store = over("localhost", "root").schema(home.schema()).open()) {
      assertThat(store.lease()).isEmpty();
      // The backend of the last store in this schema may still be about to end.
      ReplicatedServer.await(() ->
          server.number(
                  "SELECT bool_and(ssl)::integer FROM pg_stat_ssl JOIN pg_stat_activity"
                      + " USING (pid) WHERE application_name = 'stowage "
                      + home.schema()
                      + "'")
              == 1);
    }
  }

  @Test
  void certificateOfAnotherHost_isRefused_andTheHostIsNamed() {
    assertThatThrownBy(over("127.0.0.1", "root")::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("127.0.0.1")
        .hasMessageContaining("the certificate of the server is not accepted");
  }

  @Test
  void certificateOfAForeignAuthority_isRefused() {
    assertThatThrownBy(over("localhost", "foreign")::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("PKIX")
        .hasMessageContaining("the certificate of the server is not accepted");
  }

  @Test
  void authorityThatIsMissing_isNamed() {
    assertThatThrownBy(over("localhost", "none")::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("none.crt");
  }
}
