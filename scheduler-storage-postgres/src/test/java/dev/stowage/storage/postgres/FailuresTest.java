package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.storage.postgres.sql.Failures;
import dev.stowage.store.StorageException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {
  @ParameterizedTest
  @ValueSource(strings = {"08006", "57P01", "XX000"})
  void commitWhoseAnswerWasLost_isUnknown_andNotCorrupt(String state) {
    assertThat(Failures.ofCommit(new SQLException("lost", state)))
        .isInstanceOfSatisfying(
            StorageException.Transient.class,
            failure -> assertThat(failure.outcome()).isEqualTo(StorageException.Outcome.UNKNOWN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"XX001", "XX002", "23505", "23P01", "23502"})
  void whatTheServerRefused_orCannotRead_isCorrupt(String state) {
    SQLException cause = new SQLException("refused", state);
    assertThat(Failures.ofCommit(cause)).isInstanceOf(StorageException.Corrupt.class);
  }

  @Test
  void badParameterOfAConnection_isTheCallersMistake_andBadValueOfARowIsNot() {
    SQLException bad = new SQLException("no whole number", "22023");
    assertThat(Failures.ofConnecting("no connection", bad))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no connection: no whole number");
    assertThat(Failures.of("a read", bad)).isInstanceOf(StorageException.Corrupt.class);
  }

  @Test
  void addressThatTheDriverQuotes_isShownWithoutItsPassword() {
    SQLException quoting =
        new SQLException("Unable to parse URL jdbc:postgresql://h/d?password=secret", "99999");
    assertThat(Failures.of("no connection", quoting))
        .hasMessageContaining("jdbc:postgresql://h/d")
        .hasMessageNotContaining("secret");
  }

  @Test
  void readOnlyServer_isNamed_withThePrimaryAsTheRemedy() {
    SQLException refused = new SQLException("cannot execute UPDATE", "25006");
    assertThat(Failures.of("a commit", refused))
        .isInstanceOf(StorageException.Transient.class)
        .hasMessageContaining("the server is read-only")
        .hasMessageContaining("connect to the primary");
  }

  @Test
  void connectionThatNoRuleTakes_isToldOfAddressAndEncryption() {
    SQLException refused = new SQLException("no pg_hba.conf entry, no encryption", "28000");
    assertThat(Failures.ofConnecting("no connection", refused)).hasMessageContaining("sslmode");
    SQLException wrong = new SQLException("wrong password", "28P01");
    assertThat(Failures.ofConnecting("no connection", wrong))
        .hasMessageContaining("give a user and a password")
        .hasMessageNotContaining("sslmode");
  }

  @Test
  void lackOfRights_pointsToTheScriptOfRoles_andNamesTheRole() {
    SQLException refused = new SQLException("permission denied for table gate", "42501");
    assertThat(Failures.of("a read", refused))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a read: permission denied for table gate; grant the user the role")
        .hasMessageContaining("\"stowage roles\"");
    assertThat(Failures.ofRights("a claim", "scheduler", refused))
        .hasMessageContaining("grant the user the role <prefix>_scheduler")
        .hasMessageContaining("\"stowage roles\"");
    assertThat(Failures.ofCommit(refused)).hasMessageContaining("\"stowage roles\"");
  }

  @Test
  void textOfAServer_isQuotedInPart() {
    SQLException lengthy = new SQLException("x".repeat(1_000_000), "28000");
    assertThat(Failures.of("a read", lengthy).getMessage()).hasSizeLessThan(100_000);
  }
}
