package dev.stowage.sim.tool.cli;

import dev.stowage.storage.postgres.StoreRoles;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code stowage roles}: who may do what in the database of a fleet? */
@Command(
    name = "roles",
    header = "Print the SQL that creates the roles of a fleet and grants what each needs.",
    description = {
      "",
      "The roles are PREFIX_owner, PREFIX_scheduler, PREFIX_ingester, PREFIX_reporter and"
          + " PREFIX_reader; none may log in. Run the script as a superuser, let the owner open the"
          + " store once, and run the script again, as after each upgrade. Then grant the roles to"
          + " the users that your processes connect as. Connects to no database.",
      ""
    },
    footer = {
      "  stowage roles | psql -v ON_ERROR_STOP=1 -d db",
      "  stowage roles --schema fleet_eu --prefix eu | psql -v ON_ERROR_STOP=1 -d db"
    },
    exitCodeList = {" 0:printed", " 1:the command line is wrong: an unknown option, a bad value"})
final class RolesCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--schema",
      paramLabel = "NAME",
      description = "The PostgreSQL schema that holds the fleet (default: stowage).")
  private String schema = "stowage";

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description = "The beginning of the names of the roles (default: the schema).")
  private @Nullable String prefix;

  RolesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try {
      String sql = StoreRoles.sql(schema, prefix == null ? schema : prefix);
      console.document(LiveAnswer.object().put("sql", sql));
      console.text().print(sql);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    console.text().flush();
    return ExitCode.OK;
  }
}
