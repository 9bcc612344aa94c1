package dev.stowage.sim.tool.csv;

import java.util.List;
import java.util.stream.Collectors;

/** Input that cannot be used: missing, unreadable or malformed. Says everything that is wrong. */
public final class BadInputException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<InputProblem> problems;

  /** Creates the exception of {@code problems}. */
  public BadInputException(ProblemList problems) {
    super(text(problems));
    this.problems = problems.shown();
  }

  /** Returns the shown problems, in order of file and line. */
  public List<InputProblem> problems() {
    return problems;
  }

  private static String text(ProblemList problems) {
    List<InputProblem> shown = problems.shown();
    String lines = shown.stream().map(InputProblem::toString).collect(Collectors.joining("\n"));
    long more = problems.told() - shown.size();
    return more == 0 ? lines : lines + "\n... and " + more + " more";
  }
}
