package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sources of the password of a database. */
class DatabaseOptionTest {
  private static final String BARE = "jdbc:postgresql://h/db";
  private static final Map<String, String> BOTH =
      Map.of("PGPASSWORD", "second", "STOWAGE_JDBC_PASSWORD", "a&b%");

  @Test
  void password_ofTheAddress_isBeforeTheEnvironment() throws Exception {
    String address = BARE + "?user=u&password=p";
    assertThat(DatabaseOption.withPassword(address, null, BOTH::get)).isEqualTo(address);
  }

  @Test
  void password_ofTheEnvironment_isEncoded() throws Exception {
    assertThat(DatabaseOption.withPassword(BARE, null, BOTH::get))
        .isEqualTo(BARE + "?password=a%26b%25");
    assertThat(DatabaseOption.withPassword(BARE + "?user=u", null, Map.of("PGPASSWORD", "s")::get))
        .isEqualTo(BARE + "?user=u&password=s");
  }

  @Test
  void address_withoutAPassword_isLeftToTheDriver() throws Exception {
    assertThat(DatabaseOption.withPassword(BARE, null, name -> null)).isEqualTo(BARE);
  }

  @Test
  void password_ofAFile_isItsFirstLine_andBeforeAllOthers(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("secret"), "from file\n");
    assertThat(DatabaseOption.withPassword(BARE + "?password=p&user=u", file, BOTH::get))
        .isEqualTo(BARE + "?user=u&password=from+file");
  }
}
