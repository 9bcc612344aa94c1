package dev.stowage.storage.postgres;

import dev.stowage.storage.postgres.sql.Database;
import dev.stowage.storage.postgres.sql.Failures;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.store.StorageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/** Migrates a schema to this library's version. Until the first release V1 is edited in place. */
final class Migrations {
  /** Scripts are named one by one, so that any class loader finds them. */
  static final Migrations OWN = new Migrations(List.of("V1__fleet.sql"));

  private final List<Script> scripts;

  /** Creates migrations of resources beside this class, in the order of their versions. */
  Migrations(List<String> scripts) {
    this.scripts = scripts.stream().map(Script::new).toList();
  }

  /** Returns the version of the last script. */
  int version() {
    return scripts.size();
  }

  /** Makes or upgrades the schema of a database, whose connections {@code source} has too. */
  void apply(Database database, DataSource source, SchemaSetup setup) {
    String schema = database.schema.name();
    try (SqlTransaction transaction = database.begin(Database.Gate.SNAPSHOT)) {
      int found =
          History.version(transaction, schema, scripts.stream().map(Script::historyRow).toList());
      if (found == version()) {
        return;
      }
      if (setup == SchemaSetup.VALIDATE) {
        throw new IllegalStateException(
            found > 0
                ? "schema "
                    + schema
                    + " has version "
                    + found
                    + ", this library expects "
                    + version()
                    + "; open the store once with SchemaSetup.MIGRATE"
                : "schema "
                    + schema
                    + " has no fleet; "
                    + elsewhere(transaction)
                    + "if the name is right, open the store once with SchemaSetup.MIGRATE");
      }
      requireNoStronger(transaction, schema);
    }
    if (ServerCheck.isProxied(source)) {
      throw new IllegalStateException(
          "schema "
              + schema
              + " is to be made or upgraded, and the connections go through a proxy that may pool"
              + " transactions, while Flyway locks for a session: open the store once with"
              + " SchemaSetup.MIGRATE at the address of the server itself, then through the proxy");
    }
    migrate(source, schema);
  }

  private void migrate(DataSource source, String schema) {
    try {
      Flyway.configure(Migrations.class.getClassLoader())
          .dataSource(PinnedSource.over(source))
          .schemas(schema)
          .defaultSchema(schema)
          .table(History.TABLE)
          .locations(new String[0])
          .resourceProvider(new Scripts(scripts))
          .javaMigrationClassProvider(List::of)
          .skipDefaultCallbacks(true)
          .placeholderReplacement(false)
          .loggers("slf4j")
          .load()
          .migrate();
    } catch (FlywayException e) {
      SQLException refused = refusalOf(e);
      if (refused != null) {
        String doing = "schema " + schema + " could not be set up";
        throw Failures.isOfRights(refused)
            ? Failures.ofRights(doing, "owner", refused)
            : Failures.of(doing, refused);
      }
      throw new IllegalStateException(
          "schema "
              + schema
              + " is not what this library expects: "
              + StorageException.escaped(
                  String.valueOf(e.getMessage()).lines().limit(2).collect(Collectors.joining(" ")))
              + "; give the fleet a schema of its own, and a user who may create in it",
          e);
    }
  }

  /** Refuses a superuser in the schema of another owner, whose functions a script could call. */
  private static void requireNoStronger(SqlTransaction from, String schema) {
    from.visit(
        "SELECT o.rolname FROM pg_namespace n JOIN pg_roles o ON o.oid = n.nspowner"
            + " JOIN pg_roles u ON u.rolname = current_user"
            + (" WHERE n.nspname = '" + schema + "' AND u.rolsuper AND NOT o.rolsuper"),
        stronger -> {
          throw new IllegalStateException(
              "schema "
                  + schema
                  + " is owned by "
                  + stronger.getString(1)
                  + ", and a superuser would run what the owner made in it; open the store once"
                  + " with SchemaSetup.MIGRATE as the owner");
        });
  }

  /** Returns a lack of rights, a lost server or lack of resources, reported as everywhere else. */
  private static @Nullable SQLException refusalOf(RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException refused) {
        return Failures.isOfTheServer(refused) ? refused : null;
      }
    }
    return null;
  }

  /** Returns where this database has fleets; empty if it has none. */
  private static String elsewhere(SqlTransaction from) {
    List<String> found =
        from.list(
            "SELECT schemaname FROM pg_tables WHERE tablename = '"
                + History.TABLE
                + "' ORDER BY schemaname LIMIT 20",
            row -> row.getString(1));
    return found.isEmpty() ? "" : "this database has fleets in " + String.join(", ", found) + "; ";
  }

  private record Scripts(List<Script> all) implements ResourceProvider {
    @Override
    public @Nullable LoadableResource getResource(String name) {
      return all.stream().filter(it -> it.name.equals(name)).findFirst().orElse(null);
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
      return all.stream()
          .filter(it -> it.name.startsWith(prefix))
          .filter(it -> List.of(suffixes).stream().anyMatch(it.name::endsWith))
          .<LoadableResource>map(it -> it)
          .toList();
    }
  }

  private static final class Script extends LoadableResource {
    private final String name;

    Script(String name) {
      this.name = name;
    }

    /** Returns the row that {@link History} reads once Flyway has run the script. */
    String historyRow() {
      int description = name.indexOf("__");
      CRC32 checksum = new CRC32();
      try (BufferedReader lines = new BufferedReader(read())) {
        lines.lines().forEach(line -> checksum.update(line.getBytes(StandardCharsets.UTF_8)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return String.join(
          "|",
          name.substring(1, description),
          name.substring(description + 2, name.lastIndexOf('.')).replace('_', ' '),
          "SQL",
          name,
          String.valueOf((int) checksum.getValue()),
          "t");
    }

    @Override
    public Reader read() {
      InputStream script = Migrations.class.getResourceAsStream(name);
      if (script == null) {
        throw new UncheckedIOException(new IOException("script " + name + " is not in the jar"));
      }
      return new InputStreamReader(script, StandardCharsets.UTF_8);
    }

    @Override
    public String getAbsolutePath() {
      return name;
    }

    @Override
    public String getAbsolutePathOnDisk() {
      return name;
    }

    @Override
    public String getFilename() {
      return name;
    }

    @Override
    public String getRelativePath() {
      return name;
    }
  }
}
