package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.sim.kit.scenario.ScenarioStore;
import dev.stowage.sim.kit.walk.CaseResult;
import dev.stowage.sim.kit.walk.WalkBackend;
import dev.stowage.sim.kit.walk.WalkModel;
import dev.stowage.sim.kit.walk.Walks;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a world leaves nothing behind for the next one. */
class PostgresWorldsTest {
  @TempDir private Path folder;

  private final StringWriter err = new StringWriter();
  private static int databases;

  private String database;
  private String url;
  private PostgresWorlds worlds;

  @BeforeEach
  void start() throws Exception {
    database = "worlds" + databases++;
    LiveServer.execute("postgres", "CREATE DATABASE " + database);
    url = LiveServer.url(database);
    worlds = PostgresWorlds.at(url);
  }

  @Test
  void worldInTheHomeOfAnother_findsWhatAFreshOneFinds() throws Exception {
    assertThat(Walks.one(WalkModel.CRASH, 5, 20, WalkBackend.alone(worlds)).finding()).isEmpty();
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
  void walk_onTheClockOfTheServer_isTheSameAsInMemory() {
    WalkBackend backend = WalkBackend.memoryAnd(worlds).withClock();
    CaseResult walk = Walks.one(WalkModel.GUIDED, 1, 25, backend);
    assertThat(walk.lines().get(0)).endsWith(" clock=own");
    assertThat(walk.finding()).isEmpty();
    worlds.close();
  }

  @Test
  void walk_whoseServerIsGone_saysSo_andIsNoFinding() throws Exception {
    try (StartedServer server = StartedServer.start()) {
      assertLost(server.url(), server::close);
    }
    assertThat(err.toString()).contains("cannot be reached");
  }

  @Test
  void walk_whoseSessionsTheServerEnds_saysSo_andIsNoFinding() throws Exception {
    assertLost(
        url,
        () ->
            execute(
                """
                CREATE FUNCTION public.ended() RETURNS trigger LANGUAGE plpgsql AS
                  'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()), pg_sleep(1); RETURN NEW; END';
                DO 'DECLARE schema text; BEGIN
                  FOR schema IN SELECT nspname FROM pg_namespace WHERE nspname LIKE ''scenario%'' LOOP
                    EXECUTE format(''CREATE TRIGGER ended BEFORE INSERT ON %I.worker
                      EXECUTE FUNCTION public.ended()'', schema);
                  END LOOP;
                END'
                """));
    assertThat(err.toString())
        .contains("terminating connection due to administrator command")
        .contains("the database ended the session");
  }

  /** Runs walks; the server gets lost before the first of them and after its schema was made. */
  private void assertLost(String address, Runnable losing) {
    AtomicInteger asked = new AtomicInteger();
    Console console =
        new Console(
            new PrintWriter(new StringWriter(), true),
            new PrintWriter(err, true),
            false,
            () -> {
              if (asked.getAndIncrement() == 0) {
                losing.run();
              }
              return 0;
            });
    String words = "walk --backend postgres --model churn --cases 1 --seed 1 --jdbc-url ";
    String[] walk = (words + address + " --out " + folder).split(" ");
    assertThat(StowageCommand.commandLine(console, walk).execute(walk))
        .as(err.toString())
        .isEqualTo(ExitCode.INPUT);
    assertThat(err.toString()).doesNotContain("bug in Stowage");
    assertThat(folder).isEmptyDirectory();
  }

  private void execute(String sql) {
    try {
      LiveServer.execute(database, sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
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
    try (Connection connection = DriverManager.getConnection(url);
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
