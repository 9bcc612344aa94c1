package dev.stowage.sim.kit.scenario;

import dev.stowage.command.Command;
import dev.stowage.command.PlacementWish;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.sim.kit.scenario.draw.Odds;
import dev.stowage.sim.kit.scenario.draw.Opening;
import dev.stowage.sim.kit.scenario.words.Options;
import dev.stowage.sim.kit.scenario.words.Pair;
import dev.stowage.sim.kit.scenario.words.SettingKeys;
import dev.stowage.sim.kit.scenario.words.Settings;
import dev.stowage.sim.kit.scenario.words.TimeSpan;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The words of operators. Stateless. */
final class OperatorWords {
  /** The drawn pressures in percent: one for each band, and 0 twice, since it ends the others. */
  private static final List<Integer> PRESSURES = List.of(0, 0, 70, 90, 100);

  private static final List<String> CONFIG_ONLY =
      List.of("planner", "previous_factors", "scorer", "governor", "fan_out", "clock");

  private OperatorWords() {}

  static List<Word> all() {
    return List.of(
        Word.command("set", OperatorWords::set)
            .drawn("floor up", Odds.of(2).flood(0), of -> floor(of, 1))
            .drawn("floor down", Odds.of(2), of -> floor(of, -1))
            .drawn("window", Odds.of(1), of -> List.of("set drain_window=" + of.choices.below(8)))
            .drawn(
                "policy",
                Odds.of(0).swarm(1),
                of ->
                    List.of(
                        "set weight_policy={d: [{from: -20, weight: 3, floor: "
                            + (1 + of.choices.below(2))
                            + "}]}"))
            .drawnOne("cap", Odds.of(4), OperatorWords::cap)
            .drawnOne("domain limit", Odds.churning(4), OperatorWords::domainLimit)
            .drawnOne("keep apart", Odds.of(2), OperatorWords::apart),
        Word.command("hold", OperatorWords::hold)
            .drawnOne("hold", Odds.of(1).flood(0), OperatorWords::anyHold),
        Word.command("pin", words -> wish(words, PlacementWish.Kind.PIN))
            .drawnOne("pin", Odds.of(0).swarm(1), of -> wished("pin", of)),
        Word.command("unpin", words -> unwish(words, PlacementWish.Kind.PIN))
            .drawnOne("unpin", Odds.of(0).swarm(1), of -> unwished(PlacementWish.Kind.PIN, of)),
        Word.command("ban", words -> wish(words, PlacementWish.Kind.BAN))
            .drawnOne("ban", Odds.of(0).swarm(1), of -> wished("ban", of)),
        Word.command("unban", words -> unwish(words, PlacementWish.Kind.BAN))
            .drawnOne("unban", Odds.of(0).swarm(1), of -> unwished(PlacementWish.Kind.BAN, of)),
        Word.command("freeze", words -> ChunkWords.command(new Command.Freeze(Command.ANY_VERSION)))
            .drawn("freeze", Odds.of(0).swarm(1)),
        Word.command(
                "unfreeze", words -> ChunkWords.command(new Command.Unfreeze(Command.ANY_VERSION)))
            .drawn("unfreeze", Odds.of(0).swarm(1)),
        Word.of("observe", OperatorWords::observe)
            .drawn(
                "observe",
                Odds.churning(1),
                of -> List.of("observe " + PRESSURES.get(of.choices.below(PRESSURES.size())))),
        Word.of("reset-time", words -> OperatorWords::resetTime)
            .drawnOne(
                "reset time",
                Odds.churning(1),
                of -> of.opening.isClockTrusted() ? Optional.of("reset-time") : Optional.empty()),
        Word.of(
                "confirm-departures",
                words -> ChunkWords.command(new Command.ConfirmDepartures(words.workers())))
            .drawnOne(
                "confirm",
                Odds.churning(1),
                of -> of.worker("confirm-departures", status -> status == WorkerStatus.SUSPECT)),
        Word.of("away", OperatorWords::away)
            .drawnOne("away", Odds.churning(5), OperatorWords::anyAbsence),
        Word.of("back", OperatorWords::back)
            .drawnOne(
                "back",
                Odds.churning(2),
                of -> of.worker("back", status -> status == WorkerStatus.AWAY)),
        Word.of("replace", OperatorWords::replace),
        Word.of("purge", words -> ScenarioWorld::purge).drawn("purge", Odds.churning(1)));
  }

  // ---- how they are read ----

  private static ScenarioStep set(WordReader words) throws UnreadableWord {
    String expected = "settings as KEY=VALUE";
    if (!words.hasNext()) {
      throw UnreadableWord.end(expected);
    }
    Map<String, String> values = new Options(words, SettingKeys.changing()).all();
    for (String key : CONFIG_ONLY) {
      UnreadableWord.unless(!values.containsKey(key), key + "=", key + "= in config, not in set");
    }
    SettingKeys.apply(Settings.defaults(), values);
    FleetStep step = stage -> stage.configure(values);
    return step;
  }

  private static ScenarioStep hold(WordReader words) throws UnreadableWord {
    Map<String, String> given = new Options(words, List.of("workers", "capacity")).all();
    String expected = "workers=N or capacity=SIZE";
    if (given.size() != 1) {
      throw UnreadableWord.end(expected);
    }
    Map<String, String> values = new LinkedHashMap<>();
    given.forEach((of, least) -> values.put("hold_until", of + ":" + least));
    SettingKeys.apply(Settings.defaults(), values);
    FleetStep step = stage -> stage.configure(values);
    return step;
  }

  private static ScenarioStep wish(WordReader words, PlacementWish.Kind kind)
      throws UnreadableWord {
    Pair pair = Pair.take(words);
    return ChunkWords.command(
        new Command.Wish(PlacementWish.of(kind, pair.chunk(), pair.worker()), Command.ANY_VERSION));
  }

  private static ScenarioStep unwish(WordReader words, PlacementWish.Kind kind)
      throws UnreadableWord {
    Pair pair = Pair.take(words);
    return ChunkWords.command(
        new Command.Unwish(
            PlacementWish.of(kind, pair.chunk(), pair.worker()), Command.ANY_VERSION));
  }

  private static ScenarioStep observe(WordReader words) throws UnreadableWord {
    String expected = "the pressure in percent";
    long percent = WordReader.number(words.take(expected), 0, expected);
    return world -> world.observe(percent / 100.0);
  }

  private static ScenarioStep away(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    Options options = new Options(words, List.of("for", "until", "copies"));
    String copies = "a number of copies";
    TimeSpan length = TimeSpan.read(length(options));
    long least = WordReader.number(options.orElse("copies", "1"), 0, copies);
    UnreadableWord.unless(least <= Integer.MAX_VALUE, String.valueOf(least), copies);
    FleetStep step =
        stage -> {
          long now = stage.now();
          long ticks = length.ticks(stage.tickLength());
          Tick until = Tick.of(now + Math.min(ticks, Long.MAX_VALUE - now));
          return stage.command(new Command.Away(id, until, (int) least));
        };
    return step;
  }

  private static String length(Options options) throws UnreadableWord {
    String until = options.orElse("until", "");
    if (until.isEmpty()) {
      return options.required("for", TimeSpan.EXPECTED);
    }
    UnreadableWord.unless(options.orElse("for", "").isEmpty(), until, "until= or for=, not both");
    UnreadableWord.unless(until.startsWith("+"), until, "+ and " + TimeSpan.EXPECTED);
    return until.substring(1);
  }

  private static ScenarioStep back(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    return ChunkWords.command(Command.Away.back(id));
  }

  private static ScenarioStep replace(WordReader words) throws UnreadableWord {
    WorkerId old = words.worker();
    WorkerId by = words.worker();
    return ChunkWords.command(new Command.Replace(old, by, words.skip("partly")));
  }

  private static StepOutcome resetTime(ScenarioWorld world) {
    StepOutcome outcome = world.command(new Command.ResetTime(Tick.of(world.time.told())));
    world.time.reset(world.books().largestTick().value());
    return outcome;
  }

  // ---- how they are drawn ----

  private static Optional<String> anyAbsence(Drawing of) {
    String rest = " for=" + 4 * of.choices.below(12) + " copies=" + (1 + of.choices.below(2));
    return of.present("away").map(line -> line + rest);
  }

  private static Optional<String> anyHold(Drawing of) {
    boolean isHeld = of.sight.books().held().isPresent();
    int workers = Math.max(1, of.sight.present().size() + of.choices.below(2));
    return Optional.of(
        isHeld && of.choices.happens(60) ? "set hold_until=none" : "hold workers=" + workers);
  }

  private static List<String> floor(Drawing of, int step) {
    int floor = of.sight.books().config().minReplication() + step;
    return List.of("set floor=" + Math.min(4, Math.max(1, floor)));
  }

  private static Optional<String> cap(Drawing of) {
    if (!of.opening.limits().isCapped()) {
      return Optional.empty();
    }
    int most = 1 + of.choices.below(4);
    return Optional.of(
        switch (of.choices.below(6)) {
          case 0, 1, 2 -> "set max_replication=" + most;
          case 3, 4 -> "set max_replication=none";
          default ->
              "set weight_policy={d: [{from: 0, weight: 4, max: "
                  + most
                  + "}, {from: -40, weight: 12, floor: 2}]}";
        });
  }

  private static Optional<String> domainLimit(Drawing of) {
    if (!of.opening.limits().isOfDomains()) {
      return Optional.empty();
    }
    boolean isLifted = of.choices.happens(40);
    return Optional.of(
        "set " + (isLifted ? "max_per_domain=none" : of.opening.limits().ofDomains(of.choices)));
  }

  private static Optional<String> apart(Drawing of) {
    if (!of.opening.isKeptApart()) {
      return Optional.empty();
    }
    boolean isLifted = of.choices.happens(40);
    return Optional.of("set keep_apart=" + (isLifted ? "none" : Opening.apart(of.choices)));
  }

  private static Optional<String> wished(String word, Drawing of) {
    return of.liveChunk()
        .flatMap(
            chunk -> of.choices.any(of.sight.present()).map(id -> word + " " + chunk + "@" + id));
  }

  private static Optional<String> unwished(PlacementWish.Kind kind, Drawing of) {
    List<PlacementWish> given =
        of.sight.books().wishes().stream()
            .filter(wish -> wish.kind() == kind && wish.chunkId().isPresent())
            .toList();
    String word = kind == PlacementWish.Kind.PIN ? "unpin " : "unban ";
    return of.choices
        .any(given)
        .map(wish ->
            word + wish.dataset() + "/" + wish.chunkId().orElseThrow() + "@" + wish.worker());
  }
}
