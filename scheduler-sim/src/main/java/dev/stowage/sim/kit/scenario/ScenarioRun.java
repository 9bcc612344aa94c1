package dev.stowage.sim.kit.scenario;

import dev.stowage.model.InvariantViolation;
import dev.stowage.sim.kit.scenario.words.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run of a scenario, up to the first line that does not hold. Not thread-safe. */
final class ScenarioRun {
  private final Scenario scenario;
  private final ScenarioStore.Backend backend;
  private final ScenarioStore.@Nullable Backend other;
  private final List<ScenarioStep> done = new ArrayList<>();
  private @Nullable ScenarioWorld twin;
  private @Nullable Shadow shadow;
  private StepOutcome outcome = StepOutcome.DONE;

  /**
   * A run that has not begun.
   *
   * @param backend what keeps the world
   * @param other what keeps a second world, in which the same must happen; null for none
   */
  ScenarioRun(
      Scenario scenario, ScenarioStore.Backend backend, ScenarioStore.@Nullable Backend other) {
    this.scenario = scenario;
    this.backend = backend;
    this.other = other;
  }

  Optional<ScenarioFailure> run() {
    ScenarioStore.Backend second = other;
    if (second == null) {
      return follow();
    }
    try (ScenarioWorld same = ScenarioWorld.audited(scenario.settings(), second.open())) {
      twin = same;
      return follow();
    }
  }

  /** The same with the reference model beside the second world. */
  Optional<ScenarioFailure> runBesideTheModel() {
    ScenarioStore.Backend second = Objects.requireNonNull(other, "other");
    Shadow beside =
        Shadow.beside(
            scenario.settings(), settings -> ScenarioWorld.audited(settings, second.open()));
    try (ScenarioWorld same = beside.world()) {
      twin = same;
      shadow = beside;
      return follow();
    }
  }

  private Optional<ScenarioFailure> follow() {
    Settings settings = scenario.recordedSettings();
    try (ScenarioWorld world = ScenarioWorld.audited(settings, backend.open())) {
      List<Scenario.Line> lines = scenario.lines();
      for (int at = 0; at < lines.size(); at++) {
        Optional<Mismatch> mismatch = follow(world, lines.get(at));
        if (mismatch.isEmpty() && !outcome.isDone() && !isAwaited(at)) {
          mismatch = Optional.of(new Mismatch("ok", outcome.inWords()));
        }
        if (mismatch.isPresent()) {
          return Optional.of(failure(lines.get(at), mismatch.get()));
        }
      }
    }
    return Optional.empty();
  }

  /** A refusal is awaited by the line just after the step, and has been looked at from then on. */
  private boolean isAwaited(int at) {
    List<Scenario.Line> lines = scenario.lines();
    if (lines.get(at).step().isEmpty()) {
      return true;
    }
    return at + 1 < lines.size()
        && lines.get(at + 1).expectation().map(Expectation::awaitsRefusal).orElse(false);
  }

  private Optional<Mismatch> follow(ScenarioWorld world, Scenario.Line line) {
    try {
      if (line.step().isPresent()) {
        ScenarioStep step = line.step().get();
        world.patience().begin();
        outcome = step.run(world);
        done.add(step);
        world.audit();
        return compare(step, world, line.text());
      }
      return line.expectation().flatMap(it -> it.judge(witness(world)));
    } catch (InvariantViolation broken) {
      return Optional.of(
          new Mismatch("every invariant to hold", "a violation of " + broken.getMessage()));
    } catch (StepFailure impossible) {
      return Optional.of(impossible.mismatch());
    } catch (RuntimeException ours) {
      // A bug of ours: other files are to be run all the same, and this line is the way to it.
      return Optional.of(new Mismatch("an answer of the fleet", "a bug of ours, " + ours));
    }
  }

  /** Lets the same happen in the second world. */
  private Optional<Mismatch> compare(ScenarioStep step, ScenarioWorld world, String text) {
    ScenarioWorld same = twin;
    Shadow beside = shadow;
    boolean wasInterrupted = world.patience().drainInterruption();
    if (same == null || (beside != null && text.startsWith("fault "))) {
      return Optional.empty();
    }
    if (beside != null) {
      beside.before(text);
      same.patience().begin(world.patience().repeated());
    }
    StepOutcome theirs = step.run(same);
    same.audit();
    if (beside != null) {
      beside.compare(text);
    }
    if (beside != null && !beside.differences().isEmpty()) {
      return Optional.of(
          new Mismatch("what the reference model says", beside.differences().get(0)));
    }
    boolean isExcused = beside != null && wasInterrupted;
    boolean isSame =
        theirs.refusal() == outcome.refusal() && theirs.isFenced() == outcome.isFenced();
    if (!isSame && !isExcused) {
      return Optional.of(
          new Mismatch(
              outcome.inWords() + " on both backends", theirs.inWords() + " on the second"));
    }
    long digest = world.books().digest();
    long other = same.books().digest();
    if (digest != other) {
      return Optional.of(
          new Mismatch(
              "state digest " + Long.toHexString(digest) + " on both backends",
              Long.toHexString(other) + " on the second"));
    }
    return beside == null
        ? Optional.empty()
        : beside.documents(world).map(it -> new Mismatch("documents to go on with", it.text()));
  }

  private Witness witness(ScenarioWorld world) {
    return new Witness(world, outcome, this::copy);
  }

  /** A copy of the world is another one in which the same happened. */
  private ScenarioWorld copy() {
    ScenarioWorld copy = ScenarioWorld.unaudited(scenario.settings());
    done.forEach(step -> step.run(copy));
    return copy;
  }

  private ScenarioFailure failure(Scenario.Line line, Mismatch mismatch) {
    return new ScenarioFailure(
        scenario.name(), line.number(), mismatch.expected(), mismatch.found());
  }
}
