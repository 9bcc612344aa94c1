package dev.stowage.sim.tool.cli;

import dev.stowage.sim.kit.world.WorldSettings;
import dev.stowage.sim.tool.csv.InputProblem;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a whole number of an option and refuses others in plain words, with what is allowed. */
abstract class WholeNumber<N> implements ITypeConverter<N> {
  private final long least;
  private final long most;

  private WholeNumber(long least, long most) {
    this.least = least;
    this.most = most;
  }

  final long within(String text) {
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException none) {
      throw refused(text);
    }
    throw refused(text);
  }

  private TypeConversionException refused(String text) {
    boolean isNumber = text.matches("[-+]?[0-9]+");
    String range =
        most < Long.MAX_VALUE || (isNumber && least == Long.MIN_VALUE)
            ? " from " + least + " to " + most
            : least == Long.MIN_VALUE ? "" : " of at least " + least;
    return new TypeConversionException(
        InputProblem.quoted(text) + " is not a whole number" + range);
  }

  abstract static class OfInt extends WholeNumber<Integer> {
    private OfInt(int least, int most) {
      super(least, most);
    }

    @Override
    public Integer convert(String text) {
      return Math.toIntExact(within(text));
    }
  }

  abstract static class OfLong extends WholeNumber<Long> {
    private OfLong(long least, long most) {
      super(least, most);
    }

    @Override
    public Long convert(String text) {
      return within(text);
    }
  }

  static final class Floor extends OfInt {
    Floor() {
      super(1, Integer.MAX_VALUE);
    }
  }

  static final class WorldThreads extends OfInt {
    WorldThreads() {
      super(1, WorldSettings.MOST_THREADS);
    }
  }

  static final class DemoWorkers extends OfInt {
    DemoWorkers() {
      super(4, 10_000);
    }
  }

  static final class Steps extends OfInt {
    Steps() {
      super(1, WalkCommand.MOST_STEPS);
    }
  }

  static final class Cases extends OfLong {
    Cases() {
      super(1, Long.MAX_VALUE);
    }
  }

  /** A number of minutes whose nanoseconds fit a long. */
  static final class Minutes extends OfLong {
    Minutes() {
      super(1, Long.MAX_VALUE / WalkCommand.NANOS_PER_MINUTE);
    }
  }

  static final class Seed extends OfLong {
    Seed() {
      super(Long.MIN_VALUE, Long.MAX_VALUE);
    }
  }
}
