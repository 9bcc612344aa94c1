package dev.stowage.sim.tool.simulate;

import dev.stowage.model.DatasetId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.scenario.FleetStep;
import dev.stowage.sim.kit.scenario.words.Nearest;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Carries out an event of a profile. */
@FunctionalInterface
interface Action {
  /** The words of profiles alone; any other word is that of a scenario's command. */
  List<String> WORDS =
      List.of(
          "grow", "remove", "correct", "replace", "copy", "join", "lose", "away", "empty", "leave");

  /**
   * Lets it happen at a step of a window.
   *
   * @throws StepRefused if the fleet refuses it
   */
  void happen(ProfileStage stage, Window window, int step);

  /** Tells a roll who joins and who is named. */
  default void enlist(Roll roll) {}

  /** Returns an action that tells a roll of its workers. */
  private static Action of(Consumer<Roll> enlisting, Action action) {
    return new Action() {
      @Override
      public void happen(ProfileStage stage, Window window, int step) {
        action.happen(stage, window, step);
      }

      @Override
      public void enlist(Roll roll) {
        enlisting.accept(roll);
      }
    };
  }

  /** Reads the words after the time. */
  static Action read(WordReader words, String line) throws UnreadableWord {
    String word = words.peek();
    if (!WORDS.contains(word)) {
      return command(line);
    }
    words.take(word);
    Action action = ofProfiles(word, words);
    words.end();
    return action;
  }

  private static Action ofProfiles(String word, WordReader words) throws UnreadableWord {
    switch (word) {
      case "grow", "remove", "correct" -> {
        if (word.equals("correct") && words.skip("listed")) {
          return (stage, window, step) -> stage.correctListed(window.place(step), window.count());
        }
        Amount amount = Amount.take(words);
        RateShape shape =
            words.skip("shape") ? RateShape.read(words.take("a shape")) : RateShape.CONSTANT;
        return (stage, window, step) ->
            stage.chunks(word, part(stage.total(amount, window), shape, window, step));
      }
      case "replace" -> {
        DatasetId dataset = words.dataset();
        return (stage, window, step) -> stage.replace(dataset);
      }
      case "copy" -> {
        DatasetId from = words.dataset();
        words.literal("to");
        DatasetId to = words.dataset();
        return (stage, window, step) -> stage.copy(from, to);
      }
      case "join" -> {
        int count = DrawnWorkers.takeCount(words);
        if (words.skip("like")) {
          WorkerId like = words.worker();
          return of(
              roll -> roll.joinLike(count, like),
              (stage, window, step) -> stage.joinLike(count, like));
        }
        DrawnWorkers drawn = DrawnWorkers.take(count, words);
        return of(roll -> roll.join(drawn), (stage, window, step) -> stage.join(drawn));
      }
      case "away" -> {
        WorkerSelection who = WorkerSelection.take(words);
        words.literal("for");
        int steps = Window.step(words);
        return of(roll -> roll.name(who), (stage, window, step) -> stage.away(who, steps));
      }
      case "lose" -> {
        WorkerSelection who = WorkerSelection.take(words);
        return of(roll -> roll.name(who), (stage, window, step) -> stage.lose(who));
      }
      case "leave" -> {
        WorkerSelection who = WorkerSelection.take(words);
        return of(roll -> roll.name(who), (stage, window, step) -> stage.leave(who));
      }
      default -> {
        WorkerSelection who = WorkerSelection.take(words);
        return of(roll -> roll.name(who), (stage, window, step) -> stage.empty(who));
      }
    }
  }

  /** Returns workers with the description of another, named after it: {@code w1-2} and so on. */
  static List<Worker> alike(int count, Worker like) {
    List<Worker> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      WorkerId id = WorkerId.of(like.id() + "-" + (i + 2));
      all.add(Worker.of(id, 0).described(like.description()));
    }
    return all;
  }

  private static long part(long total, RateShape shape, Window window, int step) {
    return window.isSpread() ? shape.part(total, window.place(step), window.count()) : total;
  }

  /** Reads a command of scenarios, in which several workers may stand for the one. */
  private static Action command(String line) throws UnreadableWord {
    WordReader words = WordReader.of(line);
    String word = words.take("an event");
    String second = words.peek();
    if (!WorkerSelection.isCollective(second)) {
      FleetStep step = read(line, word);
      return of(step::on, (stage, window, at) -> stage.carryOut(line, step));
    }
    WorkerSelection who = WorkerSelection.take(words);
    List<String> rest = new ArrayList<>();
    while (words.hasNext()) {
      rest.add(words.take("a word"));
    }
    String after = rest.isEmpty() ? "" : " " + String.join(" ", rest);
    if (word.equals("capacity") && after.endsWith("%")) {
      Amount share = Amount.read(after.strip());
      return of(
          roll -> roll.name(who),
          (stage, window, at) -> stage.each(who, id -> stage.resized(id, share)));
    }
    read(word + " w" + after, word);
    return of(
        roll -> roll.name(who),
        (stage, window, at) -> stage.each(who, id -> word + " " + id + after));
  }

  private static FleetStep read(String line, String word) throws UnreadableWord {
    try {
      return FleetStep.read(line);
    } catch (UnreadableWord unreadable) {
      List<String> known = new ArrayList<>(WORDS);
      known.addAll(FleetStep.words());
      throw Nearest.of(word, known).isEmpty()
          ? unreadable
          : UnreadableWord.unknown(word, known, "a word of an event");
    }
  }
}
