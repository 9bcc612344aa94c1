package dev.stowage.sim.kit.scenario;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.sim.kit.scenario.draw.Choices;
import dev.stowage.sim.kit.scenario.draw.Odds;
import dev.stowage.sim.kit.scenario.draw.Opening;
import dev.stowage.sim.kit.scenario.draw.Sight;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The source of the lines of one deed, at one moment of a story. Not thread-safe. */
public final class Drawing {
  private static final List<String> DATASETS = List.of("d", "e", "f");
  private static final List<Integer> WEIGHTS = List.of(1, 4, 12);
  private static final int MOST_TRIES = 30;

  final Choices choices;
  final Story story;
  final Opening opening;
  final Sight sight;
  final boolean isKillable;
  private int names;

  /** Looks at a story that began so; its server may be killed if that {@code isKillable}. */
  public Drawing(Story story, Opening opening, Choices choices, boolean isKillable) {
    this.isKillable = isKillable;
    this.story = story;
    this.opening = opening;
    this.choices = choices;
    this.sight = new Sight(story.books());
  }

  /**
   * Draws the next deed of a mix that makes sense now.
   *
   * @param weights how often each deed is drawn, in the order of {@code deeds}
   * @return the deed and its lines; empty if {@value #MOST_TRIES} draws made none
   */
  public Optional<Drawn> next(List<DrawnAction> deeds, int[] weights) {
    int total = 0;
    for (int weight : weights) {
      total += weight;
    }
    for (int tries = 0; tries < MOST_TRIES && total > 0; tries++) {
      int dice = choices.below(total);
      int at = 0;
      while (dice >= weights[at]) {
        dice -= weights[at++];
      }
      Optional<Drawn> drawn = drawn(deeds.get(at));
      if (drawn.isPresent()) {
        return drawn;
      }
    }
    return Optional.empty();
  }

  /**
   * A deed, and the lines in which it happens.
   *
   * @param lines at least one
   */
  public record Drawn(DrawnAction deed, List<String> lines) {
    /** Copies the list. */
    public Drawn {
      lines = List.copyOf(lines);
    }
  }

  /** Draws this deed; empty where it makes no sense now. */
  public Optional<Drawn> drawn(DrawnAction deed) {
    List<String> lines = deed.draw().lines(this);
    return lines.isEmpty() ? Optional.empty() : Optional.of(new Drawn(deed, lines));
  }

  /** Returns a line that another process can send too; empty if none was found. */
  Optional<String> command() {
    List<DrawnAction> deeds = StepReader.deeds().stream().filter(DrawnAction::isCommand).toList();
    int[] weights = deeds.stream().mapToInt(deed -> deed.odds().in(Odds.Mix.CHURN)).toArray();
    return next(deeds, weights).map(Drawn::lines).filter(it -> it.size() == 1).map(it -> it.get(0));
  }

  String fresh(String prefix) {
    return prefix + story.told() + (names++ == 0 ? "" : "-" + names);
  }

  String dataset() {
    return choices.pick(DATASETS);
  }

  String size() {
    return opening.isVaried() ? " size=" + 256 * (2 + choices.below(7)) + "KiB" : " size=1MiB";
  }

  String options() {
    return size()
        + (choices.happens(60) ? " weight=" + choices.pick(WEIGHTS) : "")
        + (opening.isMixed() && choices.happens(5) ? " min_version=1.1.0" : "");
  }

  Optional<String> worker(String word, Predicate<WorkerStatus> status) {
    return one(word, sight.workers(status));
  }

  Optional<String> present(String word) {
    return one(word, sight.present());
  }

  Optional<String> one(String word, List<?> from) {
    return choices.any(from).map(each -> word + " " + each);
  }

  Optional<ChunkKey> liveChunk() {
    return choices.any(sight.live(dataset()));
  }

  Optional<WorkerId> active() {
    return choices.any(sight.active());
  }
}
