package dev.stowage.answer;

import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Figure;
import dev.stowage.shape.Unit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The copies of a fleet that are to go, what moved so far, and the time left, for all copies, by
 * cause, and for each worker that is to leave. Replicas that merely wait for their drain window are
 * not to go. What moved is stored, so that any process answers from the stored state. Immutable.
 *
 * @param tick the largest tick of the state that the answer is of
 * @param observed the tick of the newest reported copies; empty before the first
 * @param budget what a plan may copy for growth and moves
 * @param reasons why nothing moves, one cause a line; empty while something moves or nothing is to
 *     go
 */
public record Progress(
    Tick tick,
    Optional<Tick> observed,
    Part all,
    Map<CopyCause, Part> causes,
    SortedMap<WorkerId, Part> leaving,
    BudgetRate budget,
    List<String> reasons) {
  /** The ticks of the past that a rate of copies is measured over. */
  public static final long RATE_TICKS = 300;

  /** The figures that meters show. */
  static final List<Figure<Progress>> FIGURES =
      List.of(
          Figure.each(
              "copies.to.go",
              Unit.NONE,
              "copies assigned and not possessed, or still to leave a worker",
              "cause",
              CopyCause.class,
              (progress, cause) -> progress.of(cause).copies()),
          Figure.each(
              "bytes.to.go",
              Unit.BYTES,
              "their bytes",
              "cause",
              CopyCause.class,
              (progress, cause) -> progress.of(cause).bytes()),
          Figure.each(
              "bytes.moved",
              Unit.BYTES,
              "bytes reported as complete since copies began to move",
              "cause",
              CopyCause.class,
              (progress, cause) -> progress.of(cause).movedBytes()),
          Figure.of(
              "moving.rate",
              Unit.BYTES_PER_SECOND,
              "bytes a second over the last minutes, at least",
              progress -> progress.all.leastBytesPerSecond()),
          Figure.of(
              "time.left.least",
              Unit.SECONDS,
              "least time until all copies are there",
              progress -> progress.all.leastSeconds()),
          Figure.of(
              "time.left.most",
              Unit.SECONDS,
              "most time until all copies are there",
              progress -> progress.all.mostSeconds()));

  /** Copies the lists and maps. */
  public Progress {
    EnumMap<CopyCause, Part> byCause = new EnumMap<>(CopyCause.class);
    byCause.putAll(causes);
    causes = Collections.unmodifiableMap(byCause);
    leaving = Collections.unmodifiableSortedMap(new TreeMap<>(leaving));
    reasons = List.copyOf(reasons);
  }

  /**
   * Some of the copies. Rates are NaN while nothing was observed, and times too without a budget; a
   * time is infinite while the rate is 0.
   *
   * @param copies copies to go
   * @param bytes their bytes, saturated
   * @param stuck replicas that are to leave and cannot, which are not to go
   * @param movedCopies copies that were reported as complete since they began to move
   * @param movedBytes their bytes, saturated
   * @param leastSeconds the time left if all workers share the rest evenly, at the greater rate and
   *     as much better as few copies may mislead; under a budget, until it can let all go
   * @param mostSeconds the time left until the worker with most is done, at the smaller rate and as
   *     much worse, and its report is in; until budgets surely let all go. At most three times the
   *     least
   */
  public record Part(
      int copies,
      long bytes,
      int stuck,
      long movedCopies,
      long movedBytes,
      double leastBytesPerSecond,
      double mostBytesPerSecond,
      double leastSeconds,
      double mostSeconds) {
    /** The figures of a part. */
    static final List<Figure<Part>> FIGURES =
        List.of(
            Figure.of("copies.to.go", Unit.NONE, "copies to go", Part::copies),
            Figure.of("bytes.to.go", Unit.BYTES, "their bytes", Part::bytes),
            Figure.of("stuck", Unit.NONE, "replicas that cannot leave", Part::stuck),
            Figure.of("copies.moved", Unit.NONE, "copies reported as complete", Part::movedCopies),
            Figure.of("bytes.moved", Unit.BYTES, "their bytes", Part::movedBytes),
            Figure.of(
                "rate.least",
                Unit.BYTES_PER_SECOND,
                "the rate, at least",
                Part::leastBytesPerSecond),
            Figure.of(
                "rate.most", Unit.BYTES_PER_SECOND, "the rate, at most", Part::mostBytesPerSecond),
            Figure.of("left.least", Unit.SECONDS, "the time left, at least", Part::leastSeconds),
            Figure.of("left.most", Unit.SECONDS, "the time left, at most", Part::mostSeconds));

    /** Returns the time left in words. */
    public String leftInWords() {
      if (copies == 0) {
        return "nothing to go";
      }
      CopyTime left = new CopyTime(leastSeconds, mostSeconds);
      return left.isKnown() ? left.inWords() + " left" : "time left " + left.inWords();
    }

    /** Returns the part in words, in one line. */
    public String line() {
      String stuckToo = stuck == 0 ? "" : ", " + stuck + " stuck";
      String rate =
          Double.isNaN(leastBytesPerSecond)
              ? ""
              : ", " + Unit.BYTES_PER_SECOND.print(leastBytesPerSecond);
      return counted(copies)
          + ", "
          + Unit.BYTES.print(bytes)
          + " to go"
          + stuckToo
          + "; "
          + Unit.BYTES.print(movedBytes)
          + " moved"
          + rate
          + "; "
          + leftInWords();
    }
  }

  private static String counted(long copies) {
    return copies + (copies == 1 ? " copy" : " copies");
  }

  /** Returns the part of a cause. */
  public Part of(CopyCause cause) {
    return causes.getOrDefault(cause, all);
  }

  /** Reports whether something is to go. */
  public boolean isToGo() {
    return all.copies() > 0;
  }

  /** Returns the answer in words, a line for each part that is not empty and each reason. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("all: " + all.line());
    causes.forEach((cause, part) -> {
      if (part.copies() + part.movedCopies() > 0) {
        lines.add(cause.word() + ": " + part.line());
      }
    });
    leaving.forEach((worker, part) -> lines.add("worker " + worker + ": " + part.line()));
    if (budget.isBounded()) {
      lines.add(budget.line());
    }
    observed.ifPresent(newest ->
        lines.add(
            "the newest reports of copies are " + (tick.value() - newest.value()) + " ticks old"));
    reasons.forEach(reason -> lines.add("nothing moves: " + reason));
    return lines;
  }

  /** Returns the answer as one JSON object. */
  public String json() {
    StringBuilder text = new StringBuilder("{\"tick\":").append(tick.value());
    text.append(",\"observed_tick\":")
        .append(observed.map(it -> Long.toString(it.value())).orElse("null"));
    String perSecond =
        Double.isNaN(budget.bytesPerSecond()) ? "null" : "" + Math.round(budget.bytesPerSecond());
    text.append(",\"budget_bytes\":").append(budget.isBounded() ? budget.bytes() : "null");
    text.append(",\"budget_bytes_per_second\":").append(budget.isBounded() ? perSecond : "null");
    text.append(",\"all\":").append(Figure.json(Part.FIGURES, all)).append(",\"causes\":{");
    String comma = "";
    for (Map.Entry<CopyCause, Part> each : causes.entrySet()) {
      text.append(comma).append(Figure.quoted(each.getKey().word())).append(':');
      text.append(Figure.json(Part.FIGURES, each.getValue()));
      comma = ",";
    }
    text.append("},\"leaving\":{");
    comma = "";
    for (Map.Entry<WorkerId, Part> each : leaving.entrySet()) {
      text.append(comma).append(Figure.quoted(each.getKey().value())).append(':');
      text.append(Figure.json(Part.FIGURES, each.getValue()));
      comma = ",";
    }
    text.append("},\"reasons\":[");
    text.append(String.join(",", reasons.stream().map(Figure::quoted).toList()));
    return text.append("]}").toString();
  }

  /**
   * The movement budget of the next plan, and what it was by time: plans come by the host's turns
   * and their load, so that bytes a plan are no bytes a second.
   *
   * @param bytes the bytes that budget and pressure allow a plan for growth and moves; {@link
   *     Long#MAX_VALUE} without a bound
   * @param bytesPerSecond these bytes times the plans a second that added copies, over the last
   *     {@code overSeconds}; NaN if there were less than two
   * @param overSeconds the seconds over which the plans were counted
   */
  public record BudgetRate(long bytes, double bytesPerSecond, double overSeconds) {
    /** Reports whether bytes are bounded. */
    public boolean isBounded() {
      return bytes < Long.MAX_VALUE;
    }

    /** Returns the budget in words, in one line. */
    public String line() {
      if (!isBounded()) {
        return "no budget bounds the bytes of a plan";
      }
      String over = " over the last " + Unit.SECONDS.print(overSeconds);
      return "the budget allows "
          + Unit.BYTES.print(bytes)
          + " a plan; plans come by turnEvery and load, "
          + (Double.isNaN(bytesPerSecond)
              ? "too few of them" + over + " to say how much a second"
              : "which was " + Unit.BYTES_PER_SECOND.print(bytesPerSecond) + over);
    }
  }

  /** The cause of a copy that is assigned and not possessed, read from the state of its chunk. */
  public enum CopyCause {
    /** Its chunk was never possessed. */
    NEW,
    /** Its chunk has fewer copies than its floor. */
    FLOOR,
    /** A copy of its chunk is to go off a worker that is to leave. */
    LEAVE,
    /** Another copy of its chunk is to go: a move. */
    MOVE,
    /** Its chunk has enough copies, and none is to go. */
    GROWTH,
    /** The floor of its chunk was raised, and it has its former one. */
    RAISE;

    /** Returns the name in lower case. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A range of the time that copies take, at least and at most, in seconds ({@link Progress}). NaN
   * while neither a rate nor a budget is known, infinite while they are 0.
   */
  public record CopyTime(double leastSeconds, double mostSeconds) {
    /** No copies take no time. */
    public static final CopyTime NONE = new CopyTime(0, 0);

    /** Reports whether a rate or a budget is known. */
    public boolean isKnown() {
      return !Double.isNaN(leastSeconds);
    }

    /**
     * Returns the range in words, such as {@code 25 s to 2 min}, or the reason why it is unknown.
     */
    public String inWords() {
      if (!isKnown()) {
        return "unknown: no budget bounds moves, and no rate of copies was reported in the last "
            + RATE_TICKS
            + " ticks";
      }
      if (mostSeconds == 0) {
        return Unit.SECONDS.print(0);
      }
      String least = inWords(leastSeconds);
      String most = inWords(mostSeconds);
      return least.equals(most) ? least : least + " to " + most;
    }

    // The rest takes a second at least.
    private static String inWords(double seconds) {
      return Double.isInfinite(seconds)
          ? "no end"
          : Unit.SECONDS.print(Math.max(1, Math.rint(seconds)));
    }
  }

  /**
   * The purpose of an action; preemptions have the cause of the chunk they make room for. {@code
   * actions.csv} uses the names in lower case (simulation design, section 4).
   */
  public enum Cause {
    /** The floor of a chunk that is placed for the first time. */
    NEW,
    /** The floor of an established chunk. */
    REPAIR,
    /** A bonus replica. */
    GROWTH,
    /** Leveling, or spreading over enough zones. */
    BALANCE,
    /** Moving off a worker that is leaving, ineligible or above its capacity. */
    EVACUATE,
    /** A step of a chain of moves that makes room for a floor. */
    RELOCATE,
    /** More replicas than the target. */
    SHRINK,
    /** A bonus replica superseded for a chunk that found no room. */
    SHED,
    /** A move that the rebalancer asked for. */
    INTENT,
    /** A floor that was raised, of a chunk that has what its floor was before. */
    RAISE,
    /** A move to a worker to which the operator pinned the chunk. */
    PIN
  }
}
