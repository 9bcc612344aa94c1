package dev.stowage.sim.kit.scenario;

import dev.stowage.command.Command;
import dev.stowage.model.DatasetId;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.sim.kit.scenario.draw.Odds;
import dev.stowage.sim.kit.scenario.draw.Packing;
import dev.stowage.sim.kit.scenario.words.Options;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;

/** The words of time, portals, schedulers, stores and other processes. Stateless. */
final class WorldWords {
  private static final long MOST_SETTLING_ROUNDS = 200;
  private static final String UNKNOWN_BYTES = "unknown-bytes";
  private static final List<String> PORTALS = List.of("p", "q", "r");
  private static final List<String> KILLS = List.of("killed_before", "killed_after");
  private static final List<String> FAULTS =
      List.of("midway", "before", "unknown_before", "unknown_after", "unanswered");

  private static final int SMALL_GROUP = 5;
  private static final int LARGE_GROUP = 16;

  private WorldWords() {}

  static List<Word> all() {
    return List.of(
        Word.of("schedule", words -> ScenarioWorld::schedule).drawn("schedule", Odds.of(22)),
        Word.of("review", WorldWords::review)
            .drawn("review", Odds.of(2))
            .drawnOne(
                "review of a drain",
                Odds.churning(2),
                of ->
                    of.active()
                        .filter(id -> Packing.fits(of.sight.books(), List.of(id)))
                        .map(id -> "review drain " + id)),
        Word.of("publish", words -> ScenarioWorld::publish).drawn("publish", Odds.of(20)),
        Word.of("portal", WorldWords::portal)
            .drawnOne("portal", Odds.of(5), of -> of.one("portal", PORTALS))
            .drawnOne("portal with interests", Odds.of(1), WorldWords::interested)
            .drawnOne("portal behind another", Odds.of(1), WorldWords::behind),
        Word.of("tick", WorldWords::tick)
            .drawn("tick", Odds.of(20), of -> List.of("tick 1"))
            .drawn("jump", Odds.of(1), of -> List.of("tick " + (5 + of.choices.below(20)))),
        Word.of("clock", WorldWords::clock)
            .drawnOne("clock", Odds.churning(2), WorldWords::wrongClock),
        Word.of("round", WorldWords::round),
        Word.of("settle", WorldWords::settle)
            .drawn("weak", Odds.of(1).flood(0), of -> settled(of))
            .drawn(
                "strong",
                Odds.of(1).flood(2),
                of -> Packing.fits(of.sight.books(), List.of()) ? settled(of) : List.of()),
        Word.of("checkpoint", words -> ScenarioWorld::rememberStore)
            .drawn("checkpoint", Odds.of(0).swarm(1)),
        Word.of("restore", words -> ScenarioWorld::restoreStore)
            .drawn("restore", Odds.of(0).swarm(1)),
        Word.of("crash", words -> ScenarioWorld::crash).drawn("crash", Odds.crashing(5).swarm(2)),
        Word.of("takeover", words -> ScenarioWorld::takeover).drawn("takeover", Odds.crashing(2)),
        Word.of("old", WorldWords::old)
            .drawnOne("old", Odds.crashing(6), of -> of.one("old", List.of("schedule", "publish"))),
        Word.of("fault", WorldWords::fault)
            .drawnOne("fault", Odds.crashing(5).swarm(3), of -> fault(of, FAULTS))
            .drawnOne(
                "kill",
                Odds.crashing(1).swarm(0),
                of -> of.isKillable ? fault(of, KILLS) : Optional.empty()),
        Word.of("host", WorldWords::host)
            .drawnOne(
                "host", Odds.of(1), of -> of.one("host", List.of("exception", "error", "refusal"))),
        Word.of("scorer", WorldWords::scorer),
        Word.of("elsewhere", words -> elsewhere(words, ScenarioWorld::elsewhere))
            .drawnOne("news", Odds.of(8), of -> of.command().map(line -> "elsewhere " + line))
            .drawn("two news items", Odds.of(2), WorldWords::twice),
        Word.of("meanwhile", words -> elsewhere(words, ScenarioWorld::meanwhile))
            .drawn("overtaken plan", Odds.of(6), WorldWords::overtaken),
        Word.of("beside", WorldWords::beside)
            .drawn("command beside a plan", Odds.of(6), WorldWords::besidePlan),
        Word.of("together", WorldWords::together)
            .drawn("group", Odds.of(8), of -> group(of).stream().toList())
            .drawn("fault in a group", Odds.crashing(4), WorldWords::faultyGroup),
        Word.of("propagate", WorldWords::propagate)
            .drawn("propagate", Odds.of(4))
            .drawnOne("propagate in vain", Odds.of(1), of -> of.present("propagate except")),
        Word.of("unheard", words -> world -> world.patience.loseAnswer())
            .drawn("lost answer", Odds.of(2), WorldWords::lostAnswer));
  }

  // ---- how they are read ----

  private static ScenarioStep portal(WordReader words) throws UnreadableWord {
    String name = PortalId.of(words.name("the name of a portal")).value();
    Options options = new Options(words, List.of("interest", "via"));
    String interest = options.orElse("interest", "");
    Set<DatasetId> datasets = new TreeSet<>();
    if (!interest.isEmpty() && !interest.equals("all")) {
      for (String each : interest.split(",", -1)) {
        datasets.add(WordReader.of(each).dataset());
      }
    }
    String via = options.orElse("via", "");
    Optional<String> relay =
        via.isEmpty() || via.equals("none")
            ? Optional.empty()
            : Optional.of(PortalId.of(WordReader.of(via).name("the name of a portal")).value());
    return world -> {
      if (!interest.isEmpty()) {
        world.portals.follow(name, datasets);
      }
      if (!via.isEmpty()) {
        world.portals.behind(name, relay);
      }
      return world.portal(name);
    };
  }

  private static ScenarioStep tick(WordReader words) throws UnreadableWord {
    long ticks = WordReader.number(words.take("ticks"), 0, "ticks");
    return world -> world.time.advance(ticks);
  }

  private static ScenarioStep clock(WordReader words) throws UnreadableWord {
    String expected = "right, ahead N or behind N";
    String how = words.take(expected);
    long ticks = how.equals("right") ? 0 : WordReader.number(words.take("ticks"), 0, "ticks");
    return switch (how) {
      case "right", "ahead" -> world -> world.time.wrongBy(ticks);
      case "behind" -> world -> world.time.wrongBy(-ticks);
      default -> throw UnreadableWord.found(how, expected);
    };
  }

  private static ScenarioStep round(WordReader words) throws UnreadableWord {
    String what = "a number of rounds";
    long count = words.hasNext() ? WordReader.number(words.take(what), 1, what) : 1;
    return world -> world.rounds(count);
  }

  private static ScenarioStep review(WordReader words) throws UnreadableWord {
    if (!words.hasNext()) {
      return world -> world.review(List.of());
    }
    words.literal("drain");
    Command<?> drain = new Command.SetStatus(words.worker(), WorkerStatus.LEAVING);
    return world -> world.review(List.of(drain));
  }

  private static ScenarioStep settle(WordReader words) throws UnreadableWord {
    Options options = new Options(words, List.of("max", "beside"));
    String max = options.orElse("max", Long.toString(MOST_SETTLING_ROUNDS));
    long most = WordReader.number(max, 1, "a number of rounds");
    String beside = options.orElse("beside", "");
    UnreadableWord.unless(beside.isEmpty() || beside.equals(UNKNOWN_BYTES), beside, UNKNOWN_BYTES);
    return new Settling(most, !beside.isEmpty())::in;
  }

  private static ScenarioStep old(WordReader words) throws UnreadableWord {
    return words.either(
        "schedule", ScenarioWorld::oldSchedule, "publish", ScenarioWorld::oldPublish);
  }

  private static ScenarioStep elsewhere(
      WordReader words, BiFunction<ScenarioWorld, ScenarioStep, StepOutcome> how)
      throws UnreadableWord {
    Word word = StepReader.word(words, StepReader.COMMAND, true);
    ScenarioStep step = word.form().read(words);
    return world -> how.apply(world, step);
  }

  private static ScenarioStep beside(WordReader words) throws UnreadableWord {
    ScenarioStep step =
        words.skip("together")
            ? together(words)
            : StepReader.word(words, StepReader.COMMAND, true).form().read(words);
    return world -> world.beside(step);
  }

  private static ScenarioStep together(WordReader words) throws UnreadableWord {
    String expected = "a number of commands";
    long count = WordReader.number(words.take(expected), 1, expected);
    List<ScenarioStep> steps = new ArrayList<>();
    for (String line : words.linesBelow(count)) {
      steps.add(StepReader.readCommand(line));
    }
    return world -> world.together(steps);
  }

  private static ScenarioStep scorer(WordReader words) throws UnreadableWord {
    boolean isSilent = words.either("on", false, "off", true);
    return world -> world.silence(isSilent);
  }

  private static ScenarioStep host(WordReader words) throws UnreadableWord {
    HostCode.Trouble trouble =
        words.constant("exception, error or refusal", HostCode.Trouble.class);
    return world -> world.schedulers.host().next(trouble);
  }

  private static ScenarioStep fault(WordReader words) throws UnreadableWord {
    String expected =
        "midway, before, unknown_before, unknown_after, unanswered, killed_before or killed_after";
    FaultyStore.Fault fault = words.constant(expected, FaultyStore.Fault.class);
    UnreadableWord.unless(fault != FaultyStore.Fault.NONE, "none", expected);
    return world -> world.faults.failNext(fault);
  }

  private static ScenarioStep propagate(WordReader words) throws UnreadableWord {
    List<WorkerId> deaf = words.skip("except") ? words.workers() : List.of();
    return world -> world.propagate(deaf);
  }

  // ---- how they are drawn ----

  private static Optional<String> interested(Drawing of) {
    return of.one("portal", PORTALS)
        .map(line ->
            line + " interest=" + of.choices.pick(List.of("all", "d", "e", "d,e", "d,e,f")));
  }

  private static Optional<String> behind(Drawing of) {
    return of.one("portal", PORTALS)
        .map(line -> line + " via=" + of.choices.pick(List.of("none", "p", "q", "r")));
  }

  private static Optional<String> fault(Drawing of, List<String> kinds) {
    return of.story.isFaultless() ? Optional.empty() : of.one("fault", kinds);
  }

  /** Draws a clock that is right, or wrong by less or more than a step, ahead or behind. */
  private static Optional<String> wrongClock(Drawing of) {
    if (!of.opening.isClockTrusted()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (of.choices.below(4)) {
          case 0 -> "clock right";
          case 1, 2 -> "clock ahead " + (1 + of.choices.below(of.choices.happens(50) ? 2_000 : 30));
          default -> "clock behind " + (1 + of.choices.below(30));
        });
  }

  private static List<String> settled(Drawing of) {
    List<String> lines = new ArrayList<>(of.story.whatPutsRight());
    lines.add(Story.SETTLE);
    if (of.opening.isScored()) {
      lines.add("scorer on");
    }
    return lines;
  }

  private static List<String> twice(Drawing of) {
    List<String> lines = new ArrayList<>();
    of.command().ifPresent(line -> lines.add("elsewhere " + line));
    of.command().ifPresent(line -> lines.add("elsewhere " + line));
    return lines;
  }

  private static List<String> overtaken(Drawing of) {
    List<String> lines = new ArrayList<>();
    for (int left = 1 + of.choices.below(2); left > 0; left--) {
      of.command().ifPresent(line -> lines.add("meanwhile " + line));
    }
    lines.add("schedule");
    return lines;
  }

  private static List<String> besidePlan(Drawing of) {
    List<String> lines = new ArrayList<>();
    if (of.choices.happens(30)) {
      group(of).ifPresent(group -> lines.add("beside " + group));
    } else {
      for (int left = 1 + of.choices.below(3); left > 0; left--) {
        of.command().ifPresent(line -> lines.add("beside " + line));
      }
    }
    lines.add("schedule");
    return lines;
  }

  /** Draws commands of all kinds: the same sight makes some of them collide. */
  private static Optional<String> group(Drawing of) {
    int most = of.choices.happens(20) ? LARGE_GROUP : SMALL_GROUP;
    List<String> lines = new ArrayList<>();
    for (int left = 2 + of.choices.below(most - 1); left > 0; left--) {
      of.command().ifPresent(lines::add);
    }
    return lines.isEmpty()
        ? Optional.empty()
        : Optional.of("together " + lines.size() + "\n" + String.join("\n", lines));
  }

  private static List<String> faultyGroup(Drawing of) {
    return group(of)
        .flatMap(group -> fault(of, FAULTS).map(fault -> List.of(fault, group)))
        .orElse(List.of());
  }

  private static List<String> lostAnswer(Drawing of) {
    return of.command().map(line -> List.of("unheard", line)).orElse(List.of());
  }
}
