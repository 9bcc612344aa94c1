package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Addresses with {@code sslmode=verify-full}, on a server whose certificate names {@code
 * localhost}.
 */
class TlsTest {
  private static final String WORD = "password";

  @TempDir private static Path folder;
  private static EmbeddedPostgres server;

  @BeforeAll
  static void start() throws Exception {
    authority("root");
    authority("foreign");
    keytool("server", "-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost");
    keytool("server", "-certreq", "-file", path("server.csr"));
    keytool(
        "root",
        "-gencert",
        "-rfc",
        "-infile",
        path("server.csr"),
        "-outfile",
        path("server.crt"),
        "-ext",
        "san=dns:localhost");
    byte[] key = store("server").getKey("server", WORD.toCharArray()).getEncoded();
    Path pem = folder.resolve("server.key");
    Files.createFile(
        pem, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        pem,
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(key)
            + "\n-----END PRIVATE KEY-----\n",
        StandardCharsets.US_ASCII);
    server =
        TestServer.embedded()
            .setServerConfig("ssl", "on")
            .setServerConfig("ssl_cert_file", path("server.crt"))
            .setServerConfig("ssl_key_file", path("server.key"))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  /** Creates an authority and the file of its certificate. */
  private static void authority(String name) throws Exception {
    keytool(name, "-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "bc:critical");
    keytool(name, "-exportcert", "-rfc", "-file", path(name + ".crt"));
  }

  private static String path(String file) {
    return folder.resolve(file).toString();
  }

  private static KeyStore store(String name) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(
        new ByteArrayInputStream(Files.readAllBytes(folder.resolve(name + ".p12"))),
        WORD.toCharArray());
    return store;
  }

  /** Runs the JDK's tool on the store of a name, which is the alias too. */
  private static void keytool(String name, String command, String... options) throws Exception {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    line.addAll(List.of(command, "-alias", name, "-storetype", "PKCS12"));
    line.addAll(List.of("-keystore", path(name + ".p12"), "-storepass", WORD));
    line.addAll(List.of(options));
    Process tool = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(tool.waitFor()).as("%s: %s", line, said).isZero();
  }

  private static PostgresChunkStore.Builder over(String host, String authority) {
    return PostgresChunkStore.builder(
        "jdbc:postgresql://"
            + host
            + ":"
            + server.getPort()
            + "/postgres?user=postgres&sslmode=verify-full&sslrootcert="
            + path(authority + ".crt"));
  }

  @Test
  void serverOfTheNamedHost_withACertificateOfTheAuthority_isOpened() {
    try (PostgresChunkStore store = over("localhost", "root").open()) {
      assertThat(store.lease()).isEmpty();
      TestServer seen = new TestServer(server.getJdbcUrl("postgres", "postgres"));
      assertThat(
              seen.number(
                  "SELECT bool_and(ssl)::integer FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                      + " WHERE application_name LIKE 'stowage %'"))
          .isEqualTo(1);
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
