package dev.stowage.sim.kit.walk;

import dev.stowage.sim.kit.scenario.DrawnAction;
import dev.stowage.sim.kit.scenario.Story;
import dev.stowage.sim.kit.scenario.draw.Choices;
import dev.stowage.sim.kit.scenario.draw.Opening;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.sessions.JqwikSession;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.ActionChainArbitrary;
import net.jqwik.api.state.Transformer;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * The deeds of walks as a jqwik state machine: each is an {@link Action} with a precondition, and a
 * chain of them is told to a store, to memory and to the reference model in step. A chain that
 * finds something is made short by jqwik, and printed as a scenario file. Used by one thread, for
 * one property.
 */
public final class StateMachine {
  private static final int CHOICES_OF_A_DEED = 24;
  private static final int CHOICES_OF_A_FLEET = 120;
  private static final int CHOICE = 1 << 16;

  /** Limits how often a chain that found something is told again to make it shorter. */
  public static final int MOST_SHRINKINGS = 200;

  private static final int GENERATOR_SIZE = 1_000;

  /** The least number of chains for which coverage is required. */
  private static final int FEWEST_CHAINS = 50;

  /** The chances that must be expected for a need to be judged: one alone is missed too often. */
  private static final int EXPECTED = 2;

  /** The least percentage of chains, over all models, that must meet each hard case. */
  private static final List<Need> REQUIRED =
      List.of(
          new Need("fired swap", 20),
          new Need("fired chain", 2),
          new Need("refused swap", 10),
          new Need("departure", 10),
          new Need("shortage", 3),
          new Need("held drain", 2),
          new Need("preemption", 1),
          new Need("inventory", 10),
          new Need("news", 30),
          new Need("two news items waiting", 10),
          new Need("overtaken plan", 20),
          new Need("struck action", 2),
          new Need("group", 20),
          new Need("refusal in a group", 5),
          new Need("command beside a plan", 10),
          new Need("unheard", 10),
          new Need("crash", 4),
          new Need("takeover", 2),
          new Need("interruption", 4),
          new Need("fenced", 1),
          new Need("wrong clock", 1),
          new Need("stale report", 10));

  private final List<WalkModel> models;
  private final WalkBackend backend;
  private final int actions;
  private final Map<String, Integer> met = new TreeMap<>();
  private int chains;
  private @Nullable Play play;

  /** The first finding: a shorter chain must have one of this kind. */
  private @Nullable Finding finding;

  /**
   * A machine that has not begun.
   *
   * @param models draws each chain as one of these does
   * @param backend is told every chain
   * @param actions how many actions a chain has, at least 1
   */
  public StateMachine(List<WalkModel> models, WalkBackend backend, int actions) {
    this.models = List.copyOf(models);
    this.backend = backend;
    this.actions = actions;
  }

  /**
   * A fleet, and what happens to it.
   *
   * @param model what drew both
   * @param opening how the fleet begins
   * @param deeds what happens then
   */
  public record Chain(WalkModel model, Opening opening, ActionChain<Play> deeds) {}

  /** Returns chains of all models. */
  public Arbitrary<Chain> chains() {
    return Arbitraries.of(models).flatMap(this::chains);
  }

  private Arbitrary<Chain> chains(WalkModel model) {
    ActionChainArbitrary<Play> chain =
        ActionChain.<Play>startWith(this::begun).withMaxTransformations(actions);
    List<DrawnAction> deeds = DrawnAction.all();
    int[] weights = model.weights();
    for (int at = 0; at < weights.length; at++) {
      if (weights[at] > 0) {
        chain = chain.withAction(weights[at], new PlayedAction(deeds.get(at)));
      }
    }
    Arbitrary<Opening> openings =
        numbers(CHOICES_OF_A_FLEET).map(drawn -> model.opening(30, inTurn(drawn)));
    return Combinators.combine(openings, chain)
        .as((opening, drawn) -> new Chain(model, opening, drawn));
  }

  private static Arbitrary<List<Integer>> numbers(int count) {
    return Arbitraries.integers()
        .between(0, CHOICE - 1)
        .withDistribution(RandomDistribution.uniform())
        .withoutEdgeCases()
        .list()
        .ofSize(count)
        .withoutEdgeCases();
  }

  /** Returns choices that give these numbers in turn, and then 0. */
  private static Choices inTurn(List<Integer> numbers) {
    int[] next = {0};
    return bound ->
        next[0] < numbers.size() ? (int) ((long) numbers.get(next[0]++) * bound / CHOICE) : 0;
  }

  private Play begun() {
    return Objects.requireNonNull(play, "a chain is run by the machine");
  }

  /** A deed that can happen where one of a few simple draws of it makes sense. */
  private static final class PlayedAction implements Action.Independent<Play> {
    private static final List<List<Integer>> PROBES =
        List.of(List.of(), List.of(CHOICE / 2, 0), List.of(CHOICE - 1, 0));

    private final DrawnAction deed;

    PlayedAction(DrawnAction deed) {
      this.deed = deed;
    }

    @Override
    public boolean precondition(Play play) {
      return PROBES.stream().anyMatch(probe -> play.draw(deed, inTurn(probe)).isPresent());
    }

    @Override
    public Arbitrary<Transformer<Play>> transformer() {
      return numbers(CHOICES_OF_A_DEED)
          .map(drawn -> Transformer.mutate(deed.title(), play -> tell(play, inTurn(drawn))));
    }

    private void tell(Play play, Choices choices) {
      play.draw(deed, choices).ifPresent(play::tell);
    }

    @Override
    public String toString() {
      return deed.title();
    }
  }

  /**
   * Lets a chain happen.
   *
   * @throws AssertionError with the scenario file of what it found
   */
  public void tell(Chain chain) {
    Play over = happen(chain);
    chains++;
    REQUIRED.stream()
        .map(Need::what)
        .filter(over.witnessed()::isMet)
        .forEach(what -> met.merge(what, 1, Integer::sum));
  }

  private Play happen(Chain chain) {
    try (Play begun = new Play(chain.opening(), backend, chain.model().mayFail())) {
      play = begun;
      chain
          .deeds()
          .withInvariant("every store and the model agree, and all audits hold", this::require)
          .run();
      begun.expect(Play.RELOAD, Story.RELOADED);
      begun.count();
      require(begun);
      return begun;
    }
  }

  private void require(Play now) {
    Optional<Finding> found = now.finding();
    Finding first = finding;
    if (found.isPresent() && (first == null || first.kind().equals(found.get().kind()))) {
      finding = found.get();
      throw new AssertionError(FoundWalk.text(found.get(), "a state machine", now.lines()));
    }
  }

  // ---- without a property ----

  /**
   * A chain that found something.
   *
   * @param chains chains up to this one
   * @param actions actions of all of them
   * @param file the scenario file, made short
   * @param lines steps in that file
   */
  public record Found(long chains, long actions, String file, int lines) {}

  /**
   * Draws chains and lets each happen, up to the first that finds something, outside of a property.
   *
   * @param cases how many chains at most
   * @param seed of the first chain; the next one has the next number
   * @param shrinkings the most retellings by which a chain that fails is shortened line by line
   */
  public Optional<Found> search(long cases, long seed, int shrinkings) {
    List<Found> all = new ArrayList<>();
    JqwikSession.run(() -> {
      RandomGenerator<Chain> generator = chains().generator(GENERATOR_SIZE, false);
      for (long at = 0; at < cases && all.isEmpty(); at++) {
        if (!fails(generator.next(new Random(seed + at)))) {
          JqwikSession.finishTry();
          continue;
        }
        Play last = Objects.requireNonNull(play);
        Finding what = Objects.requireNonNull(finding);
        List<String> lines = Shrinker.shrink(last.lines(), what, backend, shrinkings).written();
        all.add(
            new Found(
                at + 1,
                at * actions + last.deeds(),
                FoundWalk.text(what, "a state machine, seed " + (seed + at), lines),
                lines.size()));
      }
    });
    return all.stream().findFirst();
  }

  /**
   * Returns what chains met too rarely to prove anything, in words; empty if nothing, or if there
   * were too few chains to tell.
   */
  public List<String> shortages() {
    return REQUIRED.stream()
        .filter(need -> chains >= FEWEST_CHAINS && chains * need.percent() >= 100 * EXPECTED)
        .filter(need -> met.getOrDefault(need.what(), 0) * 100 < chains * need.percent())
        .map(need -> need.what() + " in " + met.getOrDefault(need.what(), 0) + " of " + chains)
        .toList();
  }

  private boolean fails(Shrinkable<Chain> drawn) {
    try {
      tell(drawn.value());
      return false;
    } catch (TestAbortedException impossible) {
      return false; // a precondition does not hold in what is left of the chain
    } catch (AssertionError found) {
      return true;
    }
  }
}
