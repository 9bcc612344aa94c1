package dev.stowage.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.ShrinkingDistance;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;

/**
 * The choices a small world is drawn with, each from 0 (plain) up. jqwik hands them to a property,
 * and shrinks a counterexample by leaving choices out and making them smaller; what is not chosen
 * is 0. A failure reports them, and {@link #of(int...)} draws with them again.
 */
public final class Draws {
  private final IntUnaryOperator source;
  private final List<Integer> made;
  private boolean isBegun;

  private Draws(IntUnaryOperator source, List<Integer> made) {
    this.source = source;
    this.made = made;
  }

  /** Returns choices at random. */
  public static Draws seeded(long seed) {
    return seeded(seed, new ArrayList<>());
  }

  /** Returns choices at random that are noted once the first is made. */
  private static Draws seeded(long seed, List<Integer> made) {
    return new Draws(new SplittableRandom(seed)::nextInt, made);
  }

  /** Returns choices that begin with these, and are 0 after them. */
  static Draws of(int... choices) {
    List<Integer> made = new ArrayList<>(IntStream.of(choices).boxed().toList());
    return new Draws(
        bound -> made.size() < choices.length ? choices[made.size()] % bound : 0, made);
  }

  /** Returns a choice from 0 up to a bound that is not one of them. */
  public int nextInt(int bound) {
    if (!isBegun) {
      made.clear();
      isBegun = true;
    }
    int choice = source.applyAsInt(bound);
    made.add(choice);
    return choice;
  }

  /** Returns a choice from one bound up to another that is not one of them. */
  public int nextInt(int from, int below) {
    return from + nextInt(below - from);
  }

  public boolean nextBoolean() {
    return nextInt(2) == 1;
  }

  /** Reports whether the choice fell on one of so many cases. */
  public boolean oneIn(int cases) {
    return nextInt(cases) == cases - 1;
  }

  @SafeVarargs
  public final <T> T pick(T... of) {
    return of[nextInt(of.length)];
  }

  @Override
  public String toString() {
    return "Draws.of(" + made.toString().replaceAll("[\\[\\]]", "") + ")";
  }

  /** Choices to begin anew with, each time the property runs. */
  private static final class Shrinking implements Shrinkable<Draws> {
    private final long seed;
    private final List<Integer> made = new ArrayList<>();
    private final int[] fixed;

    Shrinking(long seed, int... fixed) {
      this.seed = seed;
      this.fixed = fixed;
    }

    private int[] choices() {
      return seed == 0 ? fixed : made.stream().mapToInt(it -> it).toArray();
    }

    @Override
    public Draws value() {
      return seed == 0 ? of(fixed) : seeded(seed, made);
    }

    @Override
    public Stream<Shrinkable<Draws>> shrink() {
      int[] all = choices();
      return IntStream.of(64, 16, 4, 2, 1).boxed().flatMap(length -> shrunk(all, length));
    }

    /** Leaves out, or makes 0 or half, some choices that follow each other. */
    private static Stream<Shrinkable<Draws>> shrunk(int[] all, int length) {
      return IntStream.iterate(all.length - length, at -> at >= 0, at -> at - length)
          .boxed()
          .flatMap(at -> {
            int[] without = new int[all.length - length];
            System.arraycopy(all, 0, without, 0, at);
            System.arraycopy(all, at + length, without, at, without.length - at);
            int[] plain = all.clone();
            Arrays.fill(plain, at, at + length, 0);
            int[] half = all.clone();
            Arrays.setAll(half, i -> at <= i && i < at + length ? all[i] / 2 : all[i]);
            return Stream.of(without, plain, half);
          })
          .filter(less -> !Arrays.equals(less, all))
          .map(less -> new Shrinking(0, less));
    }

    @Override
    public ShrinkingDistance distance() {
      int[] all = choices();
      return ShrinkingDistance.of(all.length, IntStream.of(all).asLongStream().sum());
    }
  }

  /** Tells jqwik how to draw. */
  public static final class Provider implements ArbitraryProvider {
    @Override
    public boolean canProvideFor(TypeUsage type) {
      return type.isOfType(Draws.class);
    }

    @Override
    public Set<Arbitrary<?>> provideFor(TypeUsage type, SubtypeProvider subtypes) {
      return Set.of(Arbitraries.fromGenerator(random -> new Shrinking(random.nextLong() | 1)));
    }
  }
}
