package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** A server that is killed between two commits has all that it acknowledged, and begins anew. */
class StartedServerTest {
  @Test
  void killedServer_hasWhatItAcknowledged_andNoConnectionOfBefore() throws Exception {
    try (StartedServer server = StartedServer.start()) {
      ask(server, "CREATE TABLE kept (number bigint)", "SELECT 0");
      for (long kills = 1; kills <= 3; kills++) {
        ask(server, "INSERT INTO kept VALUES (" + kills + ")", "SELECT 0");
        try (Connection former = DriverManager.getConnection(server.url())) {
          assertThat(former.isValid(10)).isTrue();
          server.kill();
          assertThat(former.isValid(10)).isFalse();
        }
        assertThat(ask(server, "SELECT 1", "SELECT count(*) FROM kept")).isEqualTo(kills);
      }
    }
  }

  private static long ask(StartedServer server, String statement, String question)
      throws Exception {
    try (Connection connection = DriverManager.getConnection(server.url());
        Statement statements = connection.createStatement()) {
      statements.execute(statement);
      try (ResultSet answer = statements.executeQuery(question)) {
        answer.next();
        return answer.getLong(1);
      }
    }
  }
}
