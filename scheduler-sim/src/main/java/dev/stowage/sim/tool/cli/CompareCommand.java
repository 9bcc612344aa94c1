package dev.stowage.sim.tool.cli;

import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.simulate.ComparisonReport;
import dev.stowage.sim.tool.simulate.Profile;
import dev.stowage.sim.tool.simulate.ProfileReader;
import dev.stowage.sim.tool.simulate.Simulated;
import dev.stowage.sim.tool.simulate.SimulationJson;
import dev.stowage.sim.tool.simulate.SimulationText;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code stowage compare}: one profile, several ways. */
@Command(
    name = "compare",
    header = "Run one profile in several ways, and show what differs.",
    description = {
      "",
      "Runs a profile of 'stowage simulate' as it is, and once more for each --run, with the same"
          + " fleet, chunks and events. Prints the figures that differ first, then those that do"
          + " not.",
      ""
    },
    footer = {
      "  stowage compare --profile rack-loss --run 'stateless: planner=stateless'",
      "  stowage compare --profile burst --run 'three: floor=3' \\",
      "      --run 'plain: transfers=first-come'",
      "  stowage compare --profile rack-loss --run 'six more: +\"at 5: join 6 like w0001\"'",
      "  stowage compare --profile steady-growth --sweep saturation=0.80..0.95/0.05"
    },
    exitCodeList = {
      " 0:all is well",
      " 1:the command line is wrong: an unknown option, a bad value",
      " 2:a profile is missing, unreadable or contradictory; nothing is written",
      " 3:in some run an invariant was violated or an expectation failed",
      " 4:some run does not end whole, and its profile does not say 'ends: under-way'",
      " 130:interrupted; the runs so far are shown"
    })
final class CompareCommand implements Callable<Integer> {
  private static final int MOST_RUNS = 50;

  /** An event in quotes after a plus, or a word. */
  private static final Pattern WORDS = Pattern.compile("\\+[\"']([^\"']*)[\"']|\\S+");

  private final Console console;

  @Spec private CommandSpec spec;

  @Mixin private SimulatorOptions options = new SimulatorOptions();

  @Option(
      names = "--run",
      paramLabel = "'NAME: KEY=VALUE ..'",
      description =
          "Another run, with these keys or settings over the profile. +'EVENT' adds an event;"
              + " events=FILE and expect=FILE take those of another profile. May be repeated.")
  private List<String> runs = new ArrayList<>();

  @Option(
      names = "--sweep",
      paramLabel = "KEY=FROM..TO/STEP",
      description = "One run for each value of a key or setting, instead of the profile as it is.")
  private @Nullable String sweep;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "Write the comparison as one HTML file that needs no network, what differs first.")
  private @Nullable Path report;

  CompareCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws BadInputException, OutputException, UnreadableException {
    Map<String, Map<String, String>> changes = changes();
    Map<String, Profile> profiles = new LinkedHashMap<>();
    for (Map.Entry<String, Map<String, String>> each : changes.entrySet()) {
      profiles.put(each.getKey(), options.read(each.getValue()));
    }
    Optional<OutputFolder> folder = SimulatorOptions.folder(report);
    try (Interruption interruption = Interruption.awaited()) {
      List<Simulated> done = run(profiles, interruption);
      if (!done.isEmpty()) {
        String page =
            report == null ? "" : ComparisonReport.of(done, options.world().commandLine());
        SimulatorOptions.write(folder, report, page);
        console.document(SimulationJson.of(done));
        console.text().print(SimulationText.of(done));
        console.text().flush();
      }
      return done.size() < profiles.size() ? ExitCode.INTERRUPTED : SimulatorOptions.exitCode(done);
    }
  }

  /** Runs the profiles one after the other, until one is interrupted. */
  private List<Simulated> run(Map<String, Profile> profiles, Interruption interruption)
      throws BadInputException, OutputException, UnreadableException {
    List<Simulated> done = new ArrayList<>();
    try (ProgressListener progress = console.lastingProgress()) {
      for (Map.Entry<String, Profile> each : profiles.entrySet()) {
        if (interruption.isAsked()) {
          break;
        }
        String name = each.getKey();
        double before = done.size();
        done.add(
            options
                .world()
                .run(
                    each.getValue(),
                    name,
                    null,
                    console,
                    interruption,
                    (share, doing) ->
                        progress.at((before + share) / profiles.size(), name + ": " + doing)));
      }
    }
    return done;
  }

  private Map<String, Map<String, String>> changes() {
    Map<String, Map<String, String>> all = new LinkedHashMap<>();
    if (sweep != null) {
      swept(sweep, all);
    } else {
      all.put("as it is", Map.of());
    }
    for (String run : runs) {
      int colon = run.indexOf(':');
      if (colon < 1) {
        throw refused("--run", "a name, a colon and KEY=VALUE ..", run);
      }
      Map<String, String> values = new LinkedHashMap<>();
      Matcher words = WORDS.matcher(run.substring(colon + 1));
      while (words.find()) {
        String word = words.group();
        if (words.group(1) != null) {
          values.put(ProfileReader.ADDED + values.size(), words.group(1));
          continue;
        }
        int equals = word.indexOf('=');
        if (equals < 1) {
          throw refused("--run", "KEY=VALUE or +\"EVENT\" after the name", word);
        }
        values.put(word.substring(0, equals), word.substring(equals + 1));
      }
      if (all.put(run.substring(0, colon).strip(), values) != null) {
        throw refused("--run", "a name that no other run has", run);
      }
    }
    if (all.size() < 2) {
      throw refused("--run", "at least one other run, or a sweep", "none");
    }
    if (all.size() > MOST_RUNS) {
      throw refused("--sweep", "at most " + MOST_RUNS + " runs", all.size() + "");
    }
    return all;
  }

  private void swept(String text, Map<String, Map<String, String>> all) {
    String number = "(-?[0-9]{1,12}(?:\\.[0-9]{1,9})?)";
    var parts =
        Pattern.compile("([a-z_]+)=" + number + "\\.\\." + number + "/" + number).matcher(text);
    if (!parts.matches()) {
      throw refused("--sweep", "KEY=FROM..TO/STEP", text);
    }
    BigDecimal step = new BigDecimal(parts.group(4));
    BigDecimal last = new BigDecimal(parts.group(3));
    if (step.signum() <= 0) {
      throw refused("--sweep", "a step above 0", text);
    }
    for (BigDecimal value = new BigDecimal(parts.group(2));
        value.compareTo(last) <= 0 && all.size() <= MOST_RUNS;
        value = value.add(step)) {
      String word = value.toPlainString();
      all.put(parts.group(1) + "=" + word, Map.of(parts.group(1), word));
    }
  }

  private ParameterException refused(String option, String expected, String found) {
    return new ParameterException(
        spec.commandLine(),
        "Invalid value for option '" + option + "': expected " + expected + ", found " + found);
  }
}
