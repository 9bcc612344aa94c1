package dev.stowage.sim.kit.scenario;

import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.scenario.draw.Odds;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The word for transfers on their way: how it is read and how it is drawn. */
final class TransferWords {
  private static final String ALL = "all";

  private TransferWords() {}

  static List<Word> all() {
    return List.of(
        Word.of("transfers", TransferWords::transfers)
            .drawnOne("failing transfers", Odds.of(3), of -> of.present("transfers fail"))
            .drawnOne("stalling transfers", Odds.of(2), of -> of.present("transfers stall"))
            .drawnOne(
                "transfers that go on",
                Odds.of(2),
                of ->
                    of.story.isStalled()
                        ? Optional.of("transfers resume " + ALL)
                        : Optional.empty())
            .drawnOne("repeated transfers", Odds.of(2), of -> of.present("transfers repeat")));
  }

  private static ScenarioStep transfers(WordReader words) throws UnreadableWord {
    String expected = "fail, stall, resume or repeat";
    String what = words.take(expected);
    return switch (what) {
      case "fail" -> on(words, StoryLinks::fail);
      case "stall" -> on(words, StoryLinks::stall);
      case "resume" ->
          words.skip(ALL) ? ScenarioWorld::resumeTransfers : on(words, StoryLinks::resume);
      case "repeat" -> on(words, StoryLinks::repeat);
      default -> throw UnreadableWord.found(what, expected);
    };
  }

  private static ScenarioStep on(WordReader words, BiConsumer<StoryLinks, WorkerId> happens)
      throws UnreadableWord {
    WorkerId id = words.worker();
    return world -> {
      happens.accept(world.links, id);
      return StepOutcome.DONE;
    };
  }
}
