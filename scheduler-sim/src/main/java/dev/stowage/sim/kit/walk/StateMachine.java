package dev.stowage.sim.kit.walk;

import dev.stowage.sim.kit.scenario.Deed;
import dev.stowage.sim.kit.scenario.Drawing;
import dev.stowage.sim.kit.scenario.Story;
import dev.stowage.sim.kit.scenario.draw.Choices;
import dev.stowage.sim.kit.scenario.draw.Opening;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.ActionChainArbitrary;
import net.jqwik.api.state.Transformer;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * The deeds of walks as a jqwik state machine: each is an {@link Action} with a precondition, and a
 * chain of them is told to a store, to memory and to the reference model in step. A chain that finds
 * something is made short by jqwik, and printed as a scenario file. Used by one thread, for one
 * property.
 */
public final class StateMachine {
  private static final int MOST_CHOICES = 24;
  private static final int CHOICE = 1 << 16;

  /** Below so many chains no coverage is demanded. */
  private static final int FEWEST_CHAINS = 50;

  /** Which percentage of the chains of all models must meet the hard cases. */
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
  private @Nullable Play play;

  /** The kind of the first finding: a shorter chain must find the same. */
  private @Nullable String kind;

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
    List<Deed> deeds = Deed.all();
    int[] weights = model.weights();
    for (int at = 0; at < weights.length; at++) {
      if (weights[at] > 0) {
        chain = chain.withAction(weights[at], new DrawnAction(deeds.get(at)));
      }
    }
    Arbitrary<Opening> openings = choices().map(drawn -> model.opening(30, drawn));
    return Combinators.combine(openings, chain)
        .as((opening, drawn) -> new Chain(model, opening, drawn));
  }

  private static Arbitrary<Choices> choices() {
    return Arbitraries.integers()
        .between(0, CHOICE - 1)
        .withoutEdgeCases()
        .list()
        .ofSize(MOST_CHOICES)
        .withoutEdgeCases()
        .map(StateMachine::inTurn);
  }

  /** Returns choices that give these numbers in turn, and then 0. */
  private static Choices inTurn(List<Integer> numbers) {
    int[] next = {0};
    return bound ->
        next[0] < numbers.size() ? (int) ((long) numbers.get(next[0]++) * bound / CHOICE) : 0;
  }

  private Play begun() {
    return java.util.Objects.requireNonNull(play, "a chain is run by the machine");
  }

  /** A deed: it can happen where one of a few simple draws of it makes sense. */
  private static final class DrawnAction implements Action.Dependent<Play> {
    private static final List<List<Integer>> PROBES =
        List.of(List.of(), List.of(CHOICE / 2, 0), List.of(CHOICE - 1, 0));

    private final Deed deed;

    DrawnAction(Deed deed) {
      this.deed = deed;
    }

    @Override
    public boolean precondition(Play play) {
      return PROBES.stream().anyMatch(probe -> play.draw(deed, inTurn(probe)).isPresent());
    }

    @Override
    public Arbitrary<Transformer<Play>> transformer(Play play) {
      return choices()
          .map(drawn -> play.draw(deed, drawn).map(this::told).orElseGet(Transformer::noop));
    }

    private Transformer<Play> told(Drawing.Drawn drawn) {
      return Transformer.mutate(String.join("; ", drawn.lines()), play -> play.tell(drawn));
    }

    @Override
    public String toString() {
      return deed.title();
    }
  }

  /**
   * Lets a chain happen, and counts what it meets.
   *
   * @throws AssertionError with the scenario file of what it found
   */
  public void run(Chain chain) {
    try (Play begun = new Play(chain.opening(), backend)) {
      play = begun;
      chain
          .deeds()
          .withInvariant("every store and the model agree, and all audits hold", this::require)
          .run();
      begun.expect("reload", Story.RELOADED);
      begun.count();
      require(begun);
      REQUIRED.forEach(need -> count(need, begun));
    }
  }

  private static void count(Need need, Play play) {
    boolean isMet = play.witnessed().counts().getOrDefault(need.what(), 0L) > 0;
    Statistics.label(need.what()).collect(isMet);
    Statistics.label(need.what())
        .coverage(coverage ->
            coverage
                .check(true)
                .count((met, all) ->
                    all < FEWEST_CHAINS || met * 100 >= (long) all * need.percent()));
  }

  private void require(Play now) {
    Optional<Finding> found = now.finding();
    if (found.isEmpty()) {
      return;
    }
    String what = found.get().kind();
    kind = kind == null ? what : kind;
    if (kind.equals(what)) {
      String file = FoundWalk.text(found.get(), "a state machine", now.lines());
      throw new AssertionError(file);
    }
  }
}
