package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.stowage.Stowage;
import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.storage.postgres.sql.Database;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings of a session, and objects on its search path, change nothing that a fleet does. */
class SessionSettingsTest {
  /** Settings that a server, a role or a URL may give to a session. */
  private static final List<String> SETTINGS =
      List.of(
          "array_nulls=off",
          "transform_null_equals=on",
          "quote_all_identifiers=on",
          "synchronous_commit=off",
          "bytea_output=escape",
          "standard_conforming_strings=off",
          "backslash_quote=off",
          "DateStyle=SQL,DMY",
          "IntervalStyle=sql_standard",
          "TimeZone=Asia/Kathmandu",
          "extra_float_digits=-15",
          "default_transaction_isolation=serializable",
          "default_transaction_deferrable=on",
          "default_transaction_read_only=on",
          "search_path=pg_temp,public",
          "row_security=off",
          "check_function_bodies=off",
          "lock_timeout=1",
          "plan_cache_mode=force_custom_plan",
          "enable_indexscan=off",
          "lc_messages=C",
          "client_min_messages=debug1",
          "xmlbinary=hex");

  /** Creates objects in a schema of the default search path, each of which fails if called. */
  private static final List<String> HOSTILE =
      List.of(
          "CREATE FUNCTION public.hijacked() RETURNS boolean LANGUAGE plpgsql AS $$"
              + " BEGIN RAISE EXCEPTION 'hijacked'; END $$",
          "CREATE FUNCTION public.set_config(varchar, varchar, boolean) RETURNS text LANGUAGE sql"
              + " AS $$ SELECT public.hijacked()::text $$",
          "CREATE FUNCTION public.unnest(text[]) RETURNS SETOF text LANGUAGE sql"
              + " AS $$ SELECT public.hijacked()::text $$",
          "CREATE FUNCTION public.unnest(varchar[]) RETURNS SETOF varchar LANGUAGE sql"
              + " AS $$ SELECT public.hijacked()::text::varchar $$",
          "CREATE FUNCTION public.pg_notify(varchar, varchar) RETURNS void LANGUAGE sql"
              + " AS $$ SELECT public.hijacked() $$",
          "CREATE FUNCTION public.pg_advisory_xact_lock(integer, bigint) RETURNS void LANGUAGE sql"
              + " AS $$ SELECT public.hijacked() $$",
          "CREATE FUNCTION public.told(text, varchar) RETURNS boolean LANGUAGE sql"
              + " AS $$ SELECT public.hijacked() $$",
          "CREATE FUNCTION public.told(name, varchar) RETURNS boolean LANGUAGE sql"
              + " AS $$ SELECT public.hijacked() $$",
          "CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = varchar, FUNCTION = public.told)",
          "CREATE OPERATOR public.= (LEFTARG = name, RIGHTARG = varchar, FUNCTION = public.told)");

  private final TestServer server = TestServer.get();
  private final String schema = server.freshSchema();
  private String url = server.url();

  @AfterEach
  void dropSchema() {
    server.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
  }

  @Test
  void objectsInSchemaPublic_areNotCalled() throws SQLException {
    server.execute("CREATE DATABASE " + schema);
    url = server.url().replace("/postgres?", "/" + schema + "?");
    try {
      try (Connection connection = java.sql.DriverManager.getConnection(url);
          Statement statement = connection.createStatement()) {
        for (String each : HOSTILE) {
          statement.execute(each);
        }
      }
      assertThat(story()).isEqualTo(Plain.TOLD);
    } finally {
      server.execute("DROP DATABASE " + schema + " WITH (FORCE)");
    }
  }

  @Test
  void objectsInTheSchemaOfAFleet_areNotCalledByWhoeverOpensAndAuditsIt() throws SQLException {
    assertThat(story()).isEqualTo(Plain.TOLD);
    for (String each : HOSTILE) {
      server.execute(each.replace("public.", schema + "."));
    }
    try (PostgresChunkStore store = open()) {
      assertThat(store.audit().problems()).isEmpty();
      assertThat(store.ask(Questions.head(SmallFleet.dataset()))).isNotNull();
    }
  }

  @Test
  void settingsAtOnce_changeNothing() throws SQLException {
    url = with(SETTINGS);
    assertThat(story()).isEqualTo(Plain.TOLD);
  }

  static List<String> settings() {
    return SETTINGS;
  }

  @Tag("deep")
  @ParameterizedTest
  @MethodSource("settings")
  void setting_changesNothing(String setting) throws SQLException {
    url = with(List.of(setting));
    assertThat(story()).isEqualTo(Plain.TOLD);
  }

  @Test
  void setting_thatDisablesTriggers_isRefused() {
    url = with(List.of("session_replication_role=replica"));
    assertThatThrownBy(this::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("session_replication_role is replica; origin is accepted");
  }

  @Test
  void databaseOfAnotherEncoding_isRefused() {
    server.execute(
        "CREATE DATABASE "
            + schema
            + " TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
    try {
      url = server.url().replace("/postgres?", "/" + schema + "?");
      assertThatThrownBy(this::open)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("server_encoding is LATIN1; UTF8 is accepted");
    } finally {
      server.execute("DROP DATABASE " + schema + " WITH (FORCE)");
    }
  }

  @Test
  void durability_isAtLeastTheDisk_butForRenewals() {
    try (Home home = Home.at(server);
        HikariDataSource off = source("synchronous_commit=off");
        HikariDataSource remote = source("synchronous_commit=remote_apply")) {
      for (Database.Gate gate : Database.Gate.values()) {
        boolean isData = gate.ordinal() >= Database.Gate.APPENDING.ordinal();
        assertThat(synchronousCommit(home, off, gate))
            .as("%s", gate)
            .isEqualTo(isData ? "on" : "off");
        assertThat(synchronousCommit(home, remote, gate))
            .as("%s", gate)
            .isEqualTo(gate == Database.Gate.LEASE ? "off" : "remote_apply");
      }
    }
  }

  @Test
  void connectionOfAHost_isLeftAsItWas() throws SQLException {
    try (HikariDataSource host = source("search_path=public")) {
      host.setMaximumPoolSize(2);
      try (PostgresChunkStore store =
          PostgresChunkStore.builder(host).schema(schema).withoutListening().open()) {
        Stowage stowage = SmallFleet.facade(store, "leader");
        stowage.claim(0);
        try (Connection one = host.getConnection();
            Connection other = host.getConnection()) {
          for (Connection each : List.of(one, other)) {
            Statement statement = each.createStatement();
            assertThat(each.getAutoCommit()).isTrue();
            assertThat(one(statement, "SHOW search_path")).isEqualTo("public");
            assertThat(one(statement, "SHOW transform_null_equals")).isEqualTo("off");
            assertThat(one(statement, "SHOW statement_timeout")).isEqualTo("0");
          }
        }
      }
    }
  }

  private static String synchronousCommit(Home home, HikariDataSource source, Database.Gate gate) {
    Database database =
        new Database(source, source, null, new FleetSchema(home.schema()), Timeouts.DEFAULT);
    try (SqlTransaction transaction = database.begin(gate)) {
      return transaction.one("SHOW synchronous_commit", row -> row.getString(1)).orElseThrow();
    }
  }

  /** Tells a story in which a fleet does all kinds of things; returns what it ends with. */
  private String story() throws SQLException {
    try (PostgresChunkStore store = open()) {
      return story(store);
    }
  }

  private static String story(PostgresChunkStore store) {
    try (Stowage stowage = SmallFleet.facade(store, "leader")) {
      SmallFleet fleet = new SmallFleet(stowage);
      stowage.claim(fleet.now());
      fleet.join(1_000, "a", "b", "c").ingest(SmallFleet.chunk("NULL", 0)).settle();
      PostgresFixture.append(
          store,
          new Command.Ingest(ProposedChunk.listOf(List.of(SmallFleet.chunk("c'\\\"é", 10)))));
      fleet.settle();
      PostgresChunkStore.Audited audited = store.audit();
      assertThat(audited.problems()).isEmpty();
      return Long.toHexString(audited.fleet().digest())
          + " "
          + store.agedReader().routes().value()
          + " "
          + store.ask(Questions.head(SmallFleet.dataset()));
    }
  }

  /** Holds what the story ends with where nothing is set. */
  private static final class Plain {
    static final String TOLD = told();

    private static String told() {
      try (PostgresFixture fixture = new PostgresFixture()) {
        return story(fixture.connect());
      }
    }
  }

  private PostgresChunkStore open() {
    return PostgresChunkStore.builder(url)
        .schema(schema)
        .withoutTrustedClock()
        .lineageTokens(() -> 1)
        .open();
  }

  private HikariDataSource source(String setting) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(with(List.of(setting)));
    return new HikariDataSource(config);
  }

  private String with(List<String> settings) {
    String option =
        settings.stream()
            .map(setting -> "-c " + setting.replace(" ", "\\ "))
            .collect(Collectors.joining(" "));
    return server.url()
        + "&options="
        + URLEncoder.encode(option, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String one(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
