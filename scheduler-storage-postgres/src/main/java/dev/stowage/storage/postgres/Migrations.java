package dev.stowage.storage.postgres;

import dev.stowage.storage.postgres.sql.Failures;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.SessionSettings;
import dev.stowage.store.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/** Migrates a schema to this library's version. Until the first release V1 is edited in place. */
final class Migrations {
  /** Scripts are named one by one, so that any class loader finds them. */
  static final Migrations OWN = new Migrations(List.of("V1__fleet.sql"));

  static final String HISTORY = "stowage_history";

  private final List<String> scripts;

  /** The version of the last script. */
  private final int version;

  /** Creates migrations of resources beside this class, in the order of their versions. */
  Migrations(List<String> scripts) {
    this.scripts = List.copyOf(scripts);
    String last = scripts.get(scripts.size() - 1);
    version = Integer.parseInt(last.substring(1, last.indexOf('_')));
  }

  int version() {
    return version;
  }

  void apply(DataSource unpinned, FleetSchema schema, SchemaSetup setup) {
    PinnedSource source = new PinnedSource(unpinned, SessionSettings.PATH);
    Flyway flyway = flyway(source, schema, setup);
    try {
      int found = versionOf(refuseOthers(flyway, source, schema, setup));
      if (found < version) {
        // A schema below this version by its history must not have the tables already.
        HistoryCheck.require(source, schema, flyway);
      }
      if (setup == SchemaSetup.VALIDATE) {
        flyway.validate();
      } else if (found == version) {
        flyway.migrate();
      } else {
        requireNoStronger(source, schema);
        // Scripts make objects in the schema without naming it.
        String within = schema.quoted() + ", " + SessionSettings.PATH;
        Flyway making = flyway(new PinnedSource(unpinned, within), schema, setup);
        if (found == 0) {
          FirstStart.run(source, schema, making::migrate);
        } else {
          making.migrate();
        }
      }
    } catch (FlywayException | IllegalArgumentException | UnexpectedVersion e) {
      SQLException refused = refusalOf(e);
      if (refused != null) {
        String doing = "schema " + schema.name() + " could not be set up";
        throw Failures.isOfRights(refused) && setup == SchemaSetup.MIGRATE
            ? Failures.ofRights(doing, "owner", refused)
            : Failures.of(doing, refused);
      }
      HistoryCheck.require(source, schema, flyway);
      throw e instanceof UnexpectedVersion expected
          ? new IllegalStateException(expected.getMessage())
          : notExpected(schema, setup, e);
    }
  }

  /** Refuses a superuser in the schema of another owner, whose functions a script could call. */
  private static void requireNoStronger(PinnedSource source, FleetSchema schema) {
    String owner =
        "SELECT o.rolname FROM pg_namespace n JOIN pg_roles o ON o.oid = n.nspowner"
            + " JOIN pg_roles u ON u.rolname = current_user"
            + (" WHERE n.nspname = '" + schema.name() + "' AND u.rolsuper AND NOT o.rolsuper");
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet stronger = statement.executeQuery(owner)) {
      if (stronger.next()) {
        throw new IllegalStateException(
            "schema "
                + schema.name()
                + " is owned by "
                + stronger.getString(1)
                + ", and a superuser would run what the owner made in it; open the store once with"
                + " SchemaSetup.MIGRATE as the owner");
      }
    } catch (SQLException e) {
      throw Failures.of("no connection to the database", e);
    }
  }

  private static IllegalStateException notExpected(
      FleetSchema schema, SchemaSetup setup, RuntimeException e) {
    return new IllegalStateException(
        "schema "
            + schema.name()
            + " is not what this library expects: "
            + StorageException.escaped(
                String.valueOf(e.getMessage()).lines().limit(2).collect(Collectors.joining(" ")))
            + (setup == SchemaSetup.VALIDATE
                ? "; if the name is right, open the store once with SchemaSetup.MIGRATE"
                : "; give the fleet a schema of its own, and a user who may create in it"),
        e);
  }

  /** A validated schema has no fleet of this version. */
  private static final class UnexpectedVersion extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnexpectedVersion(String message) {
      super(message);
    }
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

  private Flyway flyway(PinnedSource source, FleetSchema schema, SchemaSetup setup) {
    return Flyway.configure(Migrations.class.getClassLoader())
        .dataSource(source)
        .schemas(schema.name())
        .defaultSchema(schema.name())
        .createSchemas(setup == SchemaSetup.MIGRATE)
        .table(HISTORY)
        .locations(new String[0])
        .resourceProvider(new Scripts(scripts))
        .javaMigrationClassProvider(List::of)
        .skipDefaultCallbacks(true)
        .placeholderReplacement(false)
        .validateOnMigrate(true)
        .cleanDisabled(true)
        .loggers("slf4j")
        .load();
  }

  /** Refuses newer versions, whose rows would be misread, and unexpected ones with VALIDATE. */
  private @Nullable MigrationInfo refuseOthers(
      Flyway flyway, DataSource source, FleetSchema schema, SchemaSetup setup) {
    MigrationInfo current = flyway.info().current();
    int found = versionOf(current);
    boolean isThere = found > 0;
    if (found > version) {
      throw new IllegalStateException(
          "schema "
              + schema.name()
              + " has version "
              + found
              + ", this library knows versions up to "
              + version
              + "; use a newer version of the library");
    }
    if (setup == SchemaSetup.VALIDATE && found < version) {
      throw new UnexpectedVersion(
          isThere
              ? "schema "
                  + schema.name()
                  + " has version "
                  + found
                  + ", this library expects "
                  + version
                  + "; open the store once with SchemaSetup.MIGRATE"
              : "schema "
                  + schema.name()
                  + " has no fleet; "
                  + elsewhere(source)
                  + "if the name is right, open the store once with SchemaSetup.MIGRATE");
    }
    return current;
  }

  /** Returns where this database has fleets; empty if it has none, or does not say so. */
  private static String elsewhere(DataSource source) {
    List<String> found = new ArrayList<>();
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT schemaname FROM pg_catalog.pg_tables WHERE tablename = 'stowage_history'"
                    + " ORDER BY schemaname LIMIT 20")) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    } catch (SQLException e) {
      return "";
    }
    return found.isEmpty() ? "" : "this database has fleets in " + String.join(", ", found) + "; ";
  }

  /** Returns the version of a schema, or 0. */
  private static int versionOf(@Nullable MigrationInfo current) {
    return current == null || current.getVersion() == null
        ? 0
        : Integer.parseInt(current.getVersion().getVersion());
  }

  private record Scripts(List<String> names) implements ResourceProvider {
    @Override
    public @Nullable LoadableResource getResource(String name) {
      return names.contains(name) ? new Script(name) : null;
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
      return names.stream()
          .filter(name -> name.startsWith(prefix))
          .filter(name -> List.of(suffixes).stream().anyMatch(name::endsWith))
          .<LoadableResource>map(Script::new)
          .toList();
    }
  }

  private static final class Script extends LoadableResource {
    private final String name;

    Script(String name) {
      this.name = name;
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
