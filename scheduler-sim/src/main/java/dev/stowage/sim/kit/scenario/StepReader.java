package dev.stowage.sim.kit.scenario;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Coverage;
import dev.stowage.lifecycle.PlacementWish;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Labels;
import dev.stowage.model.PortalId;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.model.WorkerVersion;
import dev.stowage.sim.kit.scenario.words.Options;
import dev.stowage.sim.kit.scenario.words.Pair;
import dev.stowage.sim.kit.scenario.words.SettingKeys;
import dev.stowage.sim.kit.scenario.words.Settings;
import dev.stowage.sim.kit.scenario.words.Sizes;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Reads the steps of a scenario: what happens. Stateless. */
final class StepReader {
  /** Reads the words after the name of a step. */
  private interface Form {
    ScenarioStep read(WordReader words) throws UnreadableWord;
  }

  private static final long MOST_SETTLING_ROUNDS = 200;
  private static final String UNKNOWN_BYTES = "unknown-bytes";
  private static final String ZONE = "the name of a zone, or a path such as eu/hall-b";

  /** Steps that no other process can take, and those that are no command. */
  private static final List<String> LEADERS_OWN =
      List.of(
          "schedule",
          "publish",
          "purge",
          "round",
          "settle",
          "set",
          "cancel",
          "reset-time",
          "portal",
          "tick",
          "clock",
          "checkpoint",
          "restore",
          "crash",
          "takeover",
          "confirm-departures",
          "old",
          "fault",
          "host",
          "spoil",
          "scorer",
          "elsewhere",
          "meanwhile",
          "unheard");

  private static final Map<String, Form> FORMS = forms();

  private StepReader() {}

  static List<String> names() {
    return List.copyOf(FORMS.keySet());
  }

  /** Reads a line without its comment. */
  static ScenarioStep read(String line) throws UnreadableWord {
    WordReader words = WordReader.of(line);
    String name = words.take("a step");
    Form form = FORMS.get(name);
    if (form == null) {
      throw UnreadableWord.found(
          name, "a step or expectation: expect, config, " + String.join(", ", names()));
    }
    if (line.matches("(elsewhere |meanwhile )?swap .*")) {
      words = WordReader.ofSwap(line);
      words.take(name);
    }
    ScenarioStep step = form.read(words);
    words.end();
    return step;
  }

  private static Map<String, Form> forms() {
    Map<String, Form> all = new LinkedHashMap<>();
    all.put("set", StepReader::set);
    all.put("worker", StepReader::worker);
    all.put("suspect", words -> status(words, WorkerStatus.SUSPECT));
    all.put("leave", words -> status(words, WorkerStatus.DEPARTED));
    all.put("return", StepReader::comeBack);
    all.put("cordon", words -> status(words, WorkerStatus.CORDONED));
    all.put("uncordon", words -> status(words, WorkerStatus.ACTIVE));
    all.put("drain", words -> status(words, WorkerStatus.LEAVING));
    all.put("version", StepReader::version);
    all.put("capacity", StepReader::capacity);
    all.put("max_replicas", StepReader::limit);
    all.put("zone", StepReader::zone);
    all.put("labels", StepReader::labels);
    all.put("ingest", StepReader::ingest);
    all.put("offer", StepReader::offer);
    all.put("swap", StepReader::swap);
    all.put("cancel", StepReader::cancel);
    all.put("remove", StepReader::remove);
    all.put("schedule", words -> ScenarioWorld::schedule);
    all.put("publish", words -> ScenarioWorld::publish);
    all.put("fetch", StepReader::fetch);
    all.put("send", StepReader::send);
    all.put("take", StepReader::take);
    all.put("load", StepReader::load);
    all.put("report", StepReader::report);
    all.put("deliver", words -> ofWorker(words, StoryWorker::deliver));
    all.put("lost", StepReader::lost);
    all.put("inventory", StepReader::inventory);
    all.put("oversized", StepReader::oversized);
    all.put("pin", words -> wish(words, PlacementWish.Kind.PIN));
    all.put("unpin", words -> unwish(words, PlacementWish.Kind.PIN));
    all.put("ban", words -> wish(words, PlacementWish.Kind.BAN));
    all.put("unban", words -> unwish(words, PlacementWish.Kind.BAN));
    all.put("freeze", words -> command(new Command.Freeze(Command.ANY_VERSION)));
    all.put("unfreeze", words -> command(new Command.Unfreeze(Command.ANY_VERSION)));
    all.put("portal", StepReader::portal);
    all.put("tick", StepReader::tick);
    all.put("clock", StepReader::clock);
    all.put("reset-time", words -> StepReader::resetTime);
    all.put("confirm-departures", StepReader::confirmDepartures);
    all.put("round", StepReader::round);
    all.put("settle", StepReader::settle);
    all.put("purge", words -> ScenarioWorld::purge);
    all.put("again", StepReader::again);
    all.put("checkpoint", words -> ScenarioWorld::rememberStore);
    all.put("restore", words -> ScenarioWorld::restoreStore);
    all.put("crash", words -> ScenarioWorld::crash);
    all.put("takeover", words -> ScenarioWorld::takeover);
    all.put("old", StepReader::old);
    all.put("fault", StepReader::fault);
    all.put("host", StepReader::host);
    all.put("spoil", StepReader::spoil);
    all.put("scorer", StepReader::scorer);
    all.put("elsewhere", words -> elsewhere(words, ScenarioWorld::elsewhere));
    all.put("meanwhile", words -> elsewhere(words, ScenarioWorld::meanwhile));
    all.put("unheard", words -> world -> world.patience().loseAnswer());
    return all;
  }

  private static ScenarioStep command(Command<?> command) {
    return world -> world.command(command);
  }

  // ---- workers ----

  private static ScenarioStep set(WordReader words) throws UnreadableWord {
    String expected = "settings as KEY=VALUE";
    if (!words.hasNext()) {
      throw UnreadableWord.end(expected);
    }
    Map<String, String> values = new Options(words, SettingKeys.names()).all();
    for (String key : List.of("planner", "previous_factors", "scorer", "clock")) {
      if (values.containsKey(key)) {
        throw UnreadableWord.found(key + "=", key + "= in config, not in set");
      }
    }
    SettingKeys.apply(Settings.defaults(), values);
    return world -> world.configure(values);
  }

  private static ScenarioStep worker(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    Options options =
        new Options(words, List.of("capacity", "zone", "version", "labels", "max_replicas"));
    long capacity = Sizes.read(options.required("capacity", Sizes.EXPECTED));
    String zone = options.orElse("zone", id.value());
    if (!zone.equals(id.value()) && !Worker.isPath(zone)) {
      throw UnreadableWord.found("zone=" + zone, ZONE);
    }
    Worker worker =
        Worker.of(id, capacity)
            .withZone(zone)
            .withVersion(WordReader.version(options.orElse("version", "0.0.0")))
            .withLabels(WordReader.labels(options.orElse("labels", "none")))
            .withMaxReplicas(WordReader.limit(options.orElse("max_replicas", "none")));
    return world -> world.join(worker);
  }

  private static ScenarioStep status(WordReader words, WorkerStatus status) throws UnreadableWord {
    WorkerId id = words.worker();
    return world -> world.status(id, status);
  }

  private static ScenarioStep comeBack(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    String expected = "disk=kept or disk=empty";
    String disk = words.take(expected);
    return switch (disk) {
      case "disk=kept" -> world -> world.comeBack(id);
      case "disk=empty" -> world -> world.comeBackEmpty(id);
      default -> throw UnreadableWord.found(disk, expected);
    };
  }

  private static ScenarioStep version(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    WorkerVersion version = WordReader.version(words.take("a version such as 1.2.0"));
    return world -> world.describe(id, worker -> worker.withVersion(version));
  }

  private static ScenarioStep capacity(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    long bytes = Sizes.read(words.take(Sizes.EXPECTED));
    return world -> world.describe(id, worker -> worker.withCapacityBytes(bytes));
  }

  private static ScenarioStep limit(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    int limit = WordReader.limit(words.take(WordReader.LIMIT));
    return world -> world.describe(id, worker -> worker.withMaxReplicas(limit));
  }

  private static ScenarioStep zone(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    String zone = words.take(ZONE + ", or none");
    if (!Worker.isPath(zone)) {
      throw UnreadableWord.found(zone, ZONE + ", or none");
    }
    String named = zone.equals("none") ? id.value() : zone;
    return world -> world.describe(id, worker -> worker.withZone(named));
  }

  private static ScenarioStep labels(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    Labels labels = WordReader.labels(words.take("labels as a,b, or none"));
    return world -> world.describe(id, worker -> worker.withLabels(labels));
  }

  private static ScenarioStep fetch(WordReader words) throws UnreadableWord {
    boolean isAll = words.skip("all");
    List<WorkerId> ids = isAll ? List.of() : words.workers();
    List<ChunkKey> except = words.skip("except") ? words.chunks() : List.of();
    return world -> isAll ? world.fetchAll(except) : world.fetch(ids, except);
  }

  private static ScenarioStep lost(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    ChunkKey chunk = words.chunk();
    return world -> world.lose(id, chunk);
  }

  private static ScenarioStep inventory(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    String expected = "parts or part";
    String which = words.take(expected);
    String count = "how many parts, 1 or more";
    switch (which) {
      case "parts" -> {
        int of = count(words, count);
        return world -> world.withWorker(id, worker -> worker.sendParts(of));
      }
      case "part" -> {
        int place = count(words, "a place, 1 or more");
        if (!words.skip("of")) {
          throw UnreadableWord.found(words.take("of"), "of");
        }
        int of = count(words, count);
        if (place > of) {
          throw UnreadableWord.found(String.valueOf(place), "a place up to " + of);
        }
        boolean isAnother = words.skip("anew");
        return world -> world.withWorker(id, worker -> worker.sendPart(place, of, isAnother));
      }
      default -> throw UnreadableWord.found(which, expected);
    }
  }

  private static int count(WordReader words, String expected) throws UnreadableWord {
    long count = WordReader.number(words.take(expected), 1, expected);
    if (count > Command.Bounds.PARTS) {
      throw UnreadableWord.found(String.valueOf(count), "at most " + Command.Bounds.PARTS);
    }
    return (int) count;
  }

  private static ScenarioStep oversized(WordReader words) throws UnreadableWord {
    String expected = "inventory, lost, applied or disk";
    String what = words.take(expected);
    return switch (what) {
      case "inventory" -> ofWorker(words, StoryWorker::sendOversizedInventory);
      case "lost" -> ofWorker(words, StoryWorker::loseTooMuch);
      case "applied" -> ofWorker(words, StoryWorker::missTooMuch);
      case "disk" -> ofWorker(words, StoryWorker::registerOversizedDisk);
      default -> throw UnreadableWord.found(what, expected);
    };
  }

  private static ScenarioStep spoil(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    return world ->
        world.withWorker(
            id,
            worker -> {
              worker.asksAgain();
              return world.faults().spoilNext(id);
            });
  }

  private static ScenarioStep again(WordReader words) throws UnreadableWord {
    return ofWorker(words, StoryWorker::again);
  }

  private static ScenarioStep ofWorker(WordReader words, Function<StoryWorker, StepOutcome> happens)
      throws UnreadableWord {
    WorkerId id = words.worker();
    return world -> world.withWorker(id, happens);
  }

  private static ScenarioStep send(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    return world -> world.send(id);
  }

  private static ScenarioStep take(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    return world -> world.take(id);
  }

  private static ScenarioStep load(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    List<ChunkKey> chunks = words.chunks();
    return world -> world.withWorker(id, worker -> worker.load(chunks));
  }

  private static ScenarioStep report(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    boolean isLate = words.skip("late");
    return world -> world.withWorker(id, isLate ? StoryWorker::reportLate : StoryWorker::report);
  }

  // ---- chunks ----

  private static ScenarioStep ingest(WordReader words) throws UnreadableWord {
    return command(new Command.Ingest(List.of(words.proposal(words.chunk()))));
  }

  private static ScenarioStep offer(WordReader words) throws UnreadableWord {
    return command(new Command.Offer(List.of(words.proposal(words.chunk()))));
  }

  private static ScenarioStep swap(WordReader words) throws UnreadableWord {
    String expected = "the dataset with a colon, as D:";
    String first = words.take(expected);
    if (!first.endsWith(":") || first.length() == 1) {
      throw UnreadableWord.found(first, expected);
    }
    DatasetId dataset = WordReader.of(first.substring(0, first.length() - 1)).dataset();
    List<ChunkKey> oldSide = new ArrayList<>();
    if (!words.peek().equals("->")) {
      for (String id : words.list("the old chunks as C1,C2")) {
        oldSide.add(WordReader.chunkOf(dataset, id));
      }
    }
    words.literal("->");
    List<ProposedChunk> newSide = new ArrayList<>();
    while (words.hasNext() && !words.peek().startsWith("coverage=")) {
      newSide.add(words.proposal(WordReader.chunkOf(dataset, words.take("the id of a new chunk"))));
      if (!words.skip(";")) {
        break;
      }
    }
    Coverage coverage = words.skip("coverage=change") ? Coverage.CHANGE : Coverage.SAME;
    return command(new Command.RegisterSwap(dataset, oldSide, newSide, coverage));
  }

  private static ScenarioStep cancel(WordReader words) throws UnreadableWord {
    ChunkKey chunk = words.chunk();
    return world -> world.cancel(chunk);
  }

  private static ScenarioStep remove(WordReader words) throws UnreadableWord {
    return command(new Command.Remove(words.chunk()));
  }

  private static ScenarioStep wish(WordReader words, PlacementWish.Kind kind)
      throws UnreadableWord {
    Pair pair = Pair.take(words);
    return command(
        new Command.Wish(PlacementWish.of(kind, pair.chunk(), pair.worker()), Command.ANY_VERSION));
  }

  private static ScenarioStep unwish(WordReader words, PlacementWish.Kind kind)
      throws UnreadableWord {
    Pair pair = Pair.take(words);
    return command(
        new Command.Unwish(
            PlacementWish.of(kind, pair.chunk(), pair.worker()), Command.ANY_VERSION));
  }

  // ---- time, portals, schedulers ----

  private static ScenarioStep portal(WordReader words) throws UnreadableWord {
    String name = PortalId.of(words.name("the name of a portal")).value();
    return world -> world.portal(name);
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

  /** The operator says that it is the time which the clock of the leader shows. */
  private static StepOutcome resetTime(ScenarioWorld world) {
    StepOutcome outcome = world.command(new Command.ResetTime(Tick.of(world.time.told())));
    world.time.reset(world.books().largestTick().value());
    return outcome;
  }

  private static ScenarioStep confirmDepartures(WordReader words) throws UnreadableWord {
    List<WorkerId> workers = words.workers();
    return command(new Command.ConfirmDepartures(workers));
  }

  private static ScenarioStep round(WordReader words) throws UnreadableWord {
    String what = "a number of rounds";
    long count = words.hasNext() ? WordReader.number(words.take(what), 1, what) : 1;
    return world -> world.rounds(count);
  }

  private static ScenarioStep settle(WordReader words) throws UnreadableWord {
    Options options = new Options(words, List.of("max", "beside"));
    String max = options.orElse("max", Long.toString(MOST_SETTLING_ROUNDS));
    long most = WordReader.number(max, 1, "a number of rounds");
    String beside = options.orElse("beside", "");
    if (!beside.isEmpty() && !beside.equals(UNKNOWN_BYTES)) {
      throw UnreadableWord.found(beside, UNKNOWN_BYTES);
    }
    Settling settling =
        new Settling(most, beside.isEmpty() ? Settling.Excuse.NONE : Settling.Excuse.UNKNOWN_BYTES);
    return settling::in;
  }

  private static ScenarioStep old(WordReader words) throws UnreadableWord {
    String expected = "schedule or publish";
    String cycle = words.take(expected);
    return switch (cycle) {
      case "schedule" -> ScenarioWorld::oldSchedule;
      case "publish" -> ScenarioWorld::oldPublish;
      default -> throw UnreadableWord.found(cycle, expected);
    };
  }

  /** A step whose commands may come through another process. */
  private static ScenarioStep elsewhere(
      WordReader words, BiFunction<ScenarioWorld, ScenarioStep, StepOutcome> how)
      throws UnreadableWord {
    String expected = "a command, such as ingest or leave";
    String name = words.take(expected);
    Form form = LEADERS_OWN.contains(name) ? null : FORMS.get(name);
    if (form == null) {
      throw UnreadableWord.found(name, expected);
    }
    ScenarioStep step = form.read(words);
    return world -> how.apply(world, step);
  }

  private static ScenarioStep scorer(WordReader words) throws UnreadableWord {
    String expected = "on or off";
    String word = words.take(expected);
    return switch (word) {
      case "on" -> world -> world.silence(false);
      case "off" -> world -> world.silence(true);
      default -> throw UnreadableWord.found(word, expected);
    };
  }

  private static ScenarioStep host(WordReader words) throws UnreadableWord {
    String expected = "exception, error or refusal";
    String word = words.take(expected);
    for (HostCode.Trouble trouble : HostCode.Trouble.values()) {
      if (trouble.word().equals(word)) {
        return world -> world.hostThrows(trouble);
      }
    }
    throw UnreadableWord.found(word, expected);
  }

  private static ScenarioStep fault(WordReader words) throws UnreadableWord {
    String expected =
        "midway, before, unknown_before, unknown_after, unanswered, killed_before or killed_after";
    String word = words.take(expected);
    for (FaultyStore.Fault fault : FaultyStore.Fault.values()) {
      boolean isNamed = fault.name().toLowerCase(Locale.ROOT).equals(word);
      if (isNamed && fault != FaultyStore.Fault.NONE) {
        return world -> world.faults().failNext(fault);
      }
    }
    throw UnreadableWord.found(word, expected);
  }
}
