package dev.stowage.sim.tool.csv;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The problems of one run's input files: all are counted, the first few of each file are kept. */
public final class ProblemList {
  /** The most problems of one file that are kept and shown. */
  public static final int SHOWN = 10;

  private static final Comparator<InputProblem> BY_LINE =
      Comparator.comparingLong(InputProblem::line);

  private final List<InputProblem> kept = new ArrayList<>();
  private final List<InputProblem> ofFile = new ArrayList<>();
  private long found;
  private long repeated;

  /**
   * Records one problem; of a file with more than {@value #SHOWN} the last lines are not kept. One
   * that is kept already is told once.
   */
  public void add(InputProblem problem) {
    if (!ofFile.isEmpty() && !ofFile.get(0).file().equals(problem.file())) {
      kept.addAll(ofFile);
      ofFile.clear();
    }
    found++;
    if (ofFile.contains(problem)) {
      repeated++;
      return;
    }
    int place = ofFile.size();
    while (place > 0 && BY_LINE.compare(ofFile.get(place - 1), problem) > 0) {
      place--;
    }
    ofFile.add(place, problem);
    if (ofFile.size() > SHOWN) {
      ofFile.remove(SHOWN);
    }
  }

  /** Reports whether there are no problems. */
  public boolean isEmpty() {
    return found == 0;
  }

  /** Returns the number of problems, including those that are not kept. */
  public long found() {
    return found;
  }

  long told() {
    return found - repeated;
  }

  /** Returns the kept problems: file by file, by line. */
  public List<InputProblem> shown() {
    List<InputProblem> all = new ArrayList<>(kept);
    all.addAll(ofFile);
    return List.copyOf(all);
  }

  /**
   * Ends the reading if anything was wrong.
   *
   * @throws BadInputException with all problems that are kept
   */
  public void refuseIfAny() throws BadInputException {
    if (!isEmpty()) {
      throw new BadInputException(this);
    }
  }
}
