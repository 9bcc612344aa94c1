package dev.stowage.sim.tool.plan;

import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The inputs in a plan's folder, kept so that the plan can be explained after the original files
 * have changed: a copy of each under {@link #FOLDER}. Stateless.
 */
public final class PlanInputs {
  /** The folder in the plan's folder. */
  public static final String FOLDER = "inputs";

  static final String WORKERS = "workers.csv";
  static final String CHUNKS = "chunks.csv";
  static final String HELD = "held.csv";
  static final String CONFIG = "plan.yaml";

  private PlanInputs() {}

  /**
   * Returns the files to copy, by their new names. An input that is no plain file cannot be read
   * twice; then no file is copied, since part of the inputs explains nothing.
   */
  public static Map<String, Path> copies(PlanFiles files) {
    Map<String, Path> copies = new LinkedHashMap<>();
    copies.put(WORKERS, files.workers());
    copies.put(CHUNKS, files.chunks());
    files.held().ifPresent(held -> copies.put(HELD, held));
    files.config().ifPresent(config -> copies.put(CONFIG, config));
    boolean all = copies.values().stream().allMatch(Files::isRegularFile);
    return all ? copies : Map.of();
  }

  /**
   * Returns the inputs in a plan's folder.
   *
   * @throws BadInputException if it has none
   */
  public static PlanFiles of(Path plan) throws BadInputException {
    Path folder = plan.resolve(FOLDER);
    ProblemList problems = new ProblemList();
    for (String needed : new String[] {WORKERS, CHUNKS}) {
      if (!Files.isRegularFile(folder.resolve(needed))) {
        problems.add(
            new InputProblem(
                plan.toString(),
                0,
                "",
                "a folder that 'stowage plan' has written, with " + FOLDER + "/" + needed,
                Files.exists(plan) ? "none in it" : "nothing of that name"));
        break;
      }
    }
    problems.refuseIfAny();
    return in(folder);
  }

  /**
   * Returns the files of an export.
   *
   * @throws BadInputException if there is no such folder
   */
  public static PlanFiles exported(Path folder) throws BadInputException {
    ProblemList problems = new ProblemList();
    if (!Files.isDirectory(folder)) {
      problems.add(
          InputProblem.ofFile(
              folder.toString(), "a folder that 'stowage export' has written", "none"));
    }
    problems.refuseIfAny();
    return in(folder);
  }

  private static PlanFiles in(Path folder) {
    return new PlanFiles(
        folder.resolve(WORKERS),
        folder.resolve(CHUNKS),
        Optional.of(folder.resolve(HELD)).filter(Files::exists),
        Optional.of(folder.resolve(CONFIG)).filter(Files::exists));
  }
}
