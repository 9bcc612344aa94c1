package dev.stowage.sim.tool.simulate;

import dev.stowage.sim.kit.scenario.words.Sizes;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.world.Chance;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A distribution of sizes in bytes. Stateless. */
@FunctionalInterface
interface Sizing {
  String EXPECTED = "a size, SIZE..SIZE, or lognormal(MEDIAN,SIGMA) with a sigma from 0 to 4";

  /** The most medians that a drawn size of a logarithmic normal distribution has. */
  long LARGEST = 64;

  /** Draws a size. */
  long draw(Chance chance);

  static Sizing read(String word) throws UnreadableWord {
    Matcher lognormal =
        Pattern.compile("lognormal\\(([^,]+),([0-4](?:\\.[0-9]{1,6})?)\\)").matcher(word);
    if (lognormal.matches()) {
      long median = Sizes.read(lognormal.group(1));
      double sigma = Double.parseDouble(lognormal.group(2));
      return chance -> lognormal(median, sigma, chance);
    }
    UnreadableWord.unless(!word.startsWith("lognormal"), word, EXPECTED);
    String[] range = word.split("\\.\\.", 2);
    long least = Sizes.read(range[0]);
    long most = range.length == 1 ? least : Sizes.read(range[1]);
    UnreadableWord.unless(least <= most, word, "the smaller size first");
    return chance -> least + (long) (share(chance) * (most - least));
  }

  private static double share(Chance chance) {
    return (chance.next() >>> 11) * 0x1p-53;
  }

  /** Draws by the transformation of Box and Muller (1958), cut at {@link #LARGEST} medians. */
  private static long lognormal(long median, double sigma, Chance chance) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - share(chance)));
    double normal = radius * StrictMath.cos(2 * StrictMath.PI * share(chance));
    double factor = Math.min(LARGEST, StrictMath.exp(sigma * normal));
    return (long) StrictMath.ceil(median * factor);
  }
}
