package dev.stowage.sim.tool.cli;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that name a database and the source of its password. */
final class DatabaseOption {
  /** The environment variables that may hold the password, the first that is set first. */
  private static final List<String> VARIABLES = List.of("STOWAGE_JDBC_PASSWORD", "PGPASSWORD");

  private static final Pattern PASSWORD = Pattern.compile("[?&]password=");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--jdbc-url",
      paramLabel = "URL",
      description =
          "The database, such as jdbc:postgresql://host/db?user=u. Its password is taken from"
              + " --password-file, the address, STOWAGE_JDBC_PASSWORD, PGPASSWORD or ~/.pgpass.")
  private @Nullable String address;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "The file whose first line is the password of the database.")
  private @Nullable Path file;

  boolean isNamed() {
    return address != null;
  }

  /** Throws {@link ParameterException} if an option is given that needs {@code what}. */
  void requireUnused(String what) {
    if (address != null || file != null) {
      throw new ParameterException(
          spec.commandLine(),
          "'" + (address != null ? "--jdbc-url" : "--password-file") + "' needs " + what);
    }
  }

  /** Returns the address with its password, or null if none is named. */
  @Nullable String url() throws UnreadableException {
    if (address == null && file != null) {
      throw new ParameterException(spec.commandLine(), "'--password-file' needs --jdbc-url");
    }
    return address == null ? null : withPassword(address, file, System::getenv);
  }

  static String withPassword(
      String address, @Nullable Path file, Function<String, @Nullable String> environment)
      throws UnreadableException {
    if (file != null) {
      return with(PASSWORD.matcher(address).find() ? without(address) : address, read(file));
    }
    if (PASSWORD.matcher(address).find()) {
      return address;
    }
    for (String variable : VARIABLES) {
      String set = environment.apply(variable);
      if (set != null) {
        return with(address, set);
      }
    }
    return address;
  }

  private static String read(Path file) throws UnreadableException {
    try {
      return Files.readString(file).lines().findFirst().orElse("");
    } catch (IOException unreadable) {
      throw new UnreadableException(
          file + ": expected a password in the first line, found " + unreadable.getMessage());
    }
  }

  private static String without(String address) {
    return address.replaceAll("(?<=[?&])password=[^&]*&?", "");
  }

  private static String with(String address, String password) {
    boolean isFirst = address.indexOf('?') < 0;
    return address
        + (isFirst ? "?" : "&")
        + "password="
        + URLEncoder.encode(password, StandardCharsets.UTF_8);
  }
}
