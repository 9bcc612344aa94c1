package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.sim.kit.scenario.ScenarioStore;
import dev.stowage.sim.kit.walk.WalkBackend;
import dev.stowage.sim.kit.walk.WalkModel;
import dev.stowage.sim.kit.walk.Walks;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests that a world leaves nothing behind for the next one. */
class PostgresWorldsTest {
  private StartedServer server;
  private PostgresWorlds worlds;

  @BeforeEach
  void start() throws Exception {
    server = StartedServer.start();
    worlds = PostgresWorlds.at(server.url());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void worldInTheHomeOfAnother_findsWhatAFreshOneFinds() throws Exception {
    assertThat(Walks.one(WalkModel.CRASH, 5, 40, WalkBackend.alone(worlds)).finding()).isEmpty();
    String home = schemas().get(0);
    assertThat(schemas()).containsExactly(home);
    List<String> left = content(home);
    ScenarioStore second = worlds.open();
    ScenarioStore fresh = worlds.open();
    assertThat(schemas()).hasSize(2);
    List<String> expected = content(schemas().get(1));
    assertThat(content(home)).isEqualTo(expected).isNotEqualTo(left);
    second.close();
    fresh.close();
    worlds.close();
    assertThat(schemas()).isEmpty();
  }

  @Test
  void walk_isTheSameInTheHomeOfAnother() {
    WalkBackend backend = WalkBackend.memoryAnd(worlds);
    for (int time = 0; time < 2; time++) {
      assertThat(Walks.one(WalkModel.CHURN, 9, 30, backend).finding()).isEmpty();
    }
    worlds.close();
  }

  private List<String> schemas() throws SQLException {
    return asked(
        "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'scenario%' ORDER BY length(nspname),"
            + " nspname");
  }

  /** Every row, every sequence, and which triggers are on, without the schema's own name. */
  private List<String> content(String schema) throws SQLException {
    List<String> all = new ArrayList<>();
    String named = " WHERE schemaname = '" + schema + "' ORDER BY 1";
    for (String table : asked("SELECT tablename FROM pg_tables" + named)) {
      if (!table.equals("stowage_history")) {
        all.add(table + asked("SELECT t::text FROM " + schema + "." + table + " t ORDER BY 1"));
      }
    }
    all.addAll(asked("SELECT sequencename, last_value::text FROM pg_sequences" + named));
    all.addAll(
        asked(
            "SELECT tgname, tgenabled::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                + " WHERE NOT tgisinternal AND c.relnamespace = '"
                + schema
                + "'::regnamespace ORDER BY 1"));
    return all;
  }

  private List<String> asked(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(server.url());
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(sql)) {
      while (answer.next()) {
        StringBuilder row = new StringBuilder();
        for (int column = 1; column <= answer.getMetaData().getColumnCount(); column++) {
          row.append(answer.getString(column)).append(' ');
        }
        rows.add(row.toString().strip());
      }
    }
    return rows;
  }
}
