package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.stowage.store.StorageException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that the caller got wrong, and what is said of them. Nothing listens at port 1. */
class JdbcAddressTest {
  private static final String NOWHERE = "jdbc:postgresql://localhost:1/x?user=u&password=secret&";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          connectTimeout=abc        | connectTimeout is 'abc'; a whole number
          connectTimeout=           | connectTimeout is ''; a whole number
          socketTimeout=9999999999  | socketTimeout is '9999999999'; a whole number
          prepareThreshold=1.5      | prepareThreshold is '1.5'; a whole number
          sslmode=bogus             | sslmode is 'bogus'; disable, allow, prefer, require, verify-ca
          targetServerType=x%2Cy    | targetServerType is 'x,y'; any, primary
          maxResultBuffer=1&ssl=1&connectTimeout=1&sslmode=x | sslmode is 'x'
          """)
  void badParameter_isTheCallersMistake(String parameter, String said) {
    assertThatThrownBy(() -> PostgresChunkStore.builder(NOWHERE + parameter).open())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("jdbc:postgresql://localhost:1/x")
        .hasMessageContaining(said)
        .hasMessageNotContaining("secret");
  }

  /** The driver says what is wrong, in the language of the machine. */
  @Test
  void numberThatTheDriverRefuses_isTheCallersMistake() {
    assertThatThrownBy(() -> PostgresChunkStore.builder(NOWHERE + "defaultRowFetchSize=-1").open())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("jdbc:postgresql://localhost:1/x")
        .hasMessageNotContaining("secret");
  }

  @Test
  void severalBadParameters_areNamedAtOnce() {
    assertThatThrownBy(
            () -> PostgresChunkStore.builder(NOWHERE + "sslmode=bogus&connectTimeout=abc").open())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("connectTimeout is 'abc'")
        .hasMessageContaining("sslmode is 'bogus'");
  }

  @Test
  void soundParameters_arePassedToTheDriver() {
    String sound =
        "connectTimeout=1&sslmode=PREFER&protocolVersion=3.2&requireAuth=md5,none&user=u@h"
            + "&options=-c%20jit=off&tcpKeepAlive";
    assertThatThrownBy(() -> PostgresChunkStore.builder(NOWHERE + sound).open())
        .isInstanceOf(StorageException.Transient.class)
        .hasMessageContaining("jdbc:postgresql://localhost:1/x")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"require", "verify-ca", "verify-full"})
  void serverWithoutSsl_isNamed_whereTheAddressAsksForIt(String mode) {
    String url = TestServer.alone().url() + "&sslmode=" + mode;
    assertThatThrownBy(() -> PostgresChunkStore.builder(url).open())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the JDBC URL asks for encryption (sslmode)")
        .hasMessageContaining("set ssl = on")
        .hasMessageNotContaining("password");
  }

  @Test
  void severalHosts_areAnAddress() {
    JdbcAddress.require("jdbc:postgresql://[::1]:1,db.example:2/x?targetServerType=primary");
    JdbcAddress.require("jdbc:postgresql:x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://u:secret@localhost/x",
        "jdbc:postgresql://u:secret@localhost:1/x",
        "jdbc:postgresql://u:secr@et@localhost:1/x",
        "jdbc:postgresql://u:se/secret@localhost:1/x",
        "jdbc:postgresql://u:12?secret@localhost:1/x",
        "jdbc:postgresql:secret@localhost:1/x",
        "jdbc:postgresql://u:'secret@localhost:1/x",
        "jdbc:postgresql://u:a secret@localhost:1/x",
        "jdbc:postgresql://localhost:1/x?sslmode=bogus&password=a' 'secret",
        "jdbc:postgresql://localhost:x/x?password=secret",
        "jdbc:postgresql://localhost:1/x?password=secret&port=x",
        "jdbc:postgresql://localhost:1/x?password=secret&sslmode=bogus",
        "jdbc:nothing://u:secret@localhost/x",
        "jdbc:nothing:x?sslpassword=secret",
        "postgresql://u:secret@localhost/x",
      })
  void wrongAddress_isRefusedWithoutItsPassword(String url) {
    List<String> logged = new ArrayList<>();
    Handler handler = listeningTo(logged);
    Logger driver = Logger.getLogger("org.postgresql");
    driver.addHandler(handler);
    try {
      Throwable thrown = catchThrowable(() -> PostgresChunkStore.builder(url).open());
      assertThat(thrown)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("jdbc:postgresql://host:port/database");
      assertThat(traceOf(thrown)).doesNotContain("secret").doesNotContain("secr@");
      assertThat(logged).noneMatch(line -> line.contains("secret"));
    } finally {
      driver.removeHandler(handler);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          jdbc:postgresql://h:5/d                     | jdbc:postgresql://h:5/d
          jdbc:postgresql://h/d?user=u&password=x     | jdbc:postgresql://h/d
          jdbc:postgresql://u:p@h/d?sslpassword=x     | jdbc:postgresql://***@h/d
          jdbc:postgresql://u:p@q@h/d                 | jdbc:postgresql://***@h/d
          jdbc:postgresql://u:p?q@h/d                 | jdbc:postgresql:***
          no 'jdbc:postgresql://u:p@h/d', nor jdbc:postgresql:d?password=x. | no 'jdbc:postgresql://***@h/d', nor jdbc:postgresql:d
          Unknown: '--url', 'jdbc:postgresql://h/d?password=x'y' | Unknown: '--url', 'jdbc:postgresql://h/d'
          nothing like it: u:p@h                      | nothing like it: u:p@h
          """)
  void text_isShownWithoutSecrets(String text, String shown) {
    assertThat(JdbcAddress.redacted(text)).isEqualTo(shown);
  }

  private static String traceOf(Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace, true));
    return trace.toString();
  }

  private static Handler listeningTo(List<String> logged) {
    return new Handler() {
      @Override
      public void publish(LogRecord line) {
        logged.add(line.getMessage() + " " + List.of(line.getParameters()) + line.getThrown());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
