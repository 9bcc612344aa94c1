package dev.stowage.sim.kit.scenario;

import dev.stowage.command.Command;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.shape.Field;
import dev.stowage.shape.Shape;
import dev.stowage.sim.kit.scenario.draw.Odds;
import dev.stowage.sim.kit.scenario.draw.Opening;
import dev.stowage.sim.kit.scenario.draw.Packing;
import dev.stowage.sim.kit.scenario.oracles.ReplicaSlots;
import dev.stowage.sim.kit.scenario.words.Options;
import dev.stowage.sim.kit.scenario.words.SettingText;
import dev.stowage.sim.kit.scenario.words.Sizes;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The words of workers, and of events that happen to them. Stateless. */
final class WorkerWords {
  private static final int MOST_WORKERS = 12;
  private static final int MOST_FLOOR = 4;

  private WorkerWords() {}

  static List<Word> all() {
    List<Word> words = new ArrayList<>(drawn());
    Shape.of(Worker.Description.class).fields().stream()
        .filter(field -> words.stream().noneMatch(word -> word.name().equals(field.word())))
        .forEach(field -> words.add(described(field.name())));
    return words;
  }

  private static List<Word> drawn() {
    return List.of(
        Word.command("worker", WorkerWords::worker)
            .drawnOne("join", Odds.churning(2), WorkerWords::join),
        status("suspect", WorkerStatus.SUSPECT)
            .drawnOne("suspect", Odds.churning(2), of -> of.one("suspect", of.sight.active())),
        status("leave", WorkerStatus.DEPARTED)
            .drawnOne("leave", Odds.churning(4), WorkerWords::leave)
            .drawnOne("leave boldly", Odds.of(0).swarm(2), of -> of.present("leave"))
            .drawn("starved floor", Odds.churning(2), WorkerWords::starvedFloor),
        Word.command("return", WorkerWords::comeBack)
            .drawnOne("return", Odds.churning(4), of -> back(" disk=kept", of))
            .drawnOne("return empty", Odds.churning(2), of -> back(" disk=empty", of)),
        status("cordon", WorkerStatus.CORDONED)
            .drawnOne("cordon", Odds.churning(2), of -> of.one("cordon", of.sight.active())),
        status("uncordon", WorkerStatus.ACTIVE)
            .drawnOne(
                "uncordon",
                Odds.churning(2),
                of ->
                    of.worker(
                        "uncordon",
                        status ->
                            status == WorkerStatus.CORDONED || status == WorkerStatus.LEAVING)),
        status("drain", WorkerStatus.LEAVING)
            .drawnOne(
                "drain",
                Odds.churning(2),
                of ->
                    of.active()
                        .filter(id -> Packing.fits(of.sight.books(), List.of(id)))
                        .map(id -> "drain " + id)),
        described("version")
            .drawnOne(
                "upgrade",
                Odds.churning(2),
                of ->
                    of.present("version").map(it -> it + " 1." + (1 + of.choices.below(3)) + ".0")),
        described("capacity_bytes")
            .drawnOne(
                "capacity",
                Odds.churning(2),
                of ->
                    of.present("capacity")
                        .map(it -> it + " " + (5 + of.choices.below(10)) + "MiB")),
        described("uplink_bytes_per_second")
            .drawnOne("uplink", Odds.churning(2), of -> link(of, "uplink")),
        described("downlink_bytes_per_second")
            .drawnOne("downlink", Odds.churning(3), of -> link(of, "downlink")),
        described("max_replicas").drawnOne("count", Odds.churning(4), WorkerWords::anotherCount),
        described("zone").drawnOne("zone", Odds.churning(3), WorkerWords::anotherZone),
        Word.command("fetch", WorkerWords::fetch)
            .drawnOne("fetch", Odds.of(14), of -> of.present("fetch"))
            .drawn("fetch all", Odds.of(8), of -> List.of("fetch all"))
            .drawnOne(
                "miss",
                Odds.of(4),
                of ->
                    of.liveChunk()
                        .flatMap(key -> of.present("fetch").map(it -> it + " except " + key))),
        Word.of("send", words -> ofId(words, ScenarioWorld::send))
            .drawnOne("send", Odds.of(3), of -> of.present("send")),
        Word.of("take", words -> ofId(words, ScenarioWorld::take))
            .drawnOne("take", Odds.of(12), of -> of.present("take")),
        Word.of("load", WorkerWords::load).drawnOne("load", Odds.of(16), WorkerWords::anyBytes),
        Word.command("report", WorkerWords::report)
            .drawnOne("report", Odds.of(12), of -> of.present("report"))
            .drawnOne(
                "late report", Odds.of(2), of -> of.present("report").map(line -> line + " late")),
        Word.command("pressure", WorkerWords::pressure)
            .drawnOne(
                "pressure",
                Odds.churning(2),
                of ->
                    of.present("pressure")
                        .map(
                            line -> line + " " + of.choices.pick(List.of(0, 0, 70, 90, 100, 120)))),
        Word.command("deliver", words -> ofWorker(words, ScriptedWorker::deliver))
            .drawnOne(
                "deliver",
                Odds.of(2),
                of ->
                    of.one(
                        "deliver",
                        of.story.workers().stream()
                            .filter(id -> of.story.reportsOnTheWay(id) > 0)
                            .toList())),
        Word.command("again", words -> ofWorker(words, ScriptedWorker::again))
            .drawnOne("again", Odds.of(1), of -> of.present("again")),
        Word.command("lost", WorkerWords::lost)
            .drawnOne("lost", Odds.churning(4), WorkerWords::anyLoss)
            .drawn("held drain", Odds.churning(30).swarm(4), WorkerWords::heldDrain),
        Word.command("inventory", WorkerWords::inventory)
            .drawnOne(
                "parts", Odds.churning(3), of -> of.present("inventory").map(it -> it + parts(of))),
        Word.command("oversized", WorkerWords::oversized)
            .drawnOne(
                "oversized",
                Odds.of(1),
                of ->
                    of.present(
                        "oversized "
                            + of.choices.pick(List.of("inventory", "lost", "applied", "disk")))),
        Word.of("spoil", WorkerWords::spoil)
            .drawnOne("spoil", Odds.churning(1), of -> of.present("spoil")));
  }

  private static Word status(String name, WorkerStatus status) {
    return Word.command(name, words -> status(words, status));
  }

  // ---- how they are read ----

  private static ScenarioStep worker(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    List<Field<Worker.Description, ?>> fields = Shape.of(Worker.Description.class).fields();
    Options options = new Options(words, fields.stream().map(Field::word).toList());
    options.required("capacity", Sizes.EXPECTED);
    Worker worker = Worker.of(id, 0);
    for (Field<Worker.Description, ?> field : fields) {
      String word = options.all().get(field.word());
      worker = word == null ? worker : change(id, field, word).apply(worker);
    }
    Worker described = worker;
    FleetStep step = stage -> stage.join(described);
    return step;
  }

  private static Word described(String name) {
    var field = Shape.of(Worker.Description.class).field(name).orElseThrow();
    return Word.command(
        field.word(),
        words -> {
          WorkerId id = words.worker();
          UnaryOperator<Worker> change = change(id, field, words.take(expected(field)));
          FleetStep step = stage -> stage.describe(id, change);
          return step;
        });
  }

  private static String expected(Field<Worker.Description, ?> field) {
    return SettingText.isSize(field.unit()) ? Sizes.EXPECTED : SettingText.accepted(field);
  }

  private static UnaryOperator<Worker> change(
      WorkerId id, Field<Worker.Description, ?> field, String word) throws UnreadableWord {
    boolean isZone = field.name().equals("zone");
    String text = isZone && word.equals("none") ? id.value() : word;
    if (SettingText.isSize(field.unit()) && !word.equals(field.defaultText())) {
      Sizes.read(word);
    }
    UnaryOperator<Worker> change =
        worker ->
            worker.described(
                Shape.of(Worker.Description.class)
                    .read(worker.description(), field, new SettingText(text)));
    try {
      Objects.requireNonNull(change.apply(Worker.of(id, 0)));
    } catch (IllegalArgumentException refused) {
      throw UnreadableWord.found(word, expected(field));
    }
    UnreadableWord.unless(
        !isZone || text.equals(id.value()) || Worker.isPath(text), word, expected(field));
    return change;
  }

  private static ScenarioStep status(WordReader words, WorkerStatus status) throws UnreadableWord {
    WorkerId id = words.worker();
    return ChunkWords.command(new Command.SetStatus(id, status));
  }

  private static ScenarioStep comeBack(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    FleetStep kept = stage -> stage.comeBack(id);
    FleetStep empty = stage -> stage.comeBackEmpty(id);
    return words.either("disk=kept", kept, "disk=empty", empty);
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
        words.literal("of");
        int of = count(words, count);
        UnreadableWord.unless(place <= of, String.valueOf(place), "a place up to " + of);
        boolean isAnother = words.skip("anew");
        return world -> world.withWorker(id, worker -> worker.sendPart(place, of, isAnother));
      }
      default -> throw UnreadableWord.found(which, expected);
    }
  }

  private static int count(WordReader words, String expected) throws UnreadableWord {
    long count = WordReader.number(words.take(expected), 1, expected);
    UnreadableWord.unless(
        count <= Command.Bounds.PARTS, String.valueOf(count), "at most " + Command.Bounds.PARTS);
    return (int) count;
  }

  private static ScenarioStep oversized(WordReader words) throws UnreadableWord {
    String expected = "inventory, lost, applied or disk";
    String what = words.take(expected);
    return switch (what) {
      case "inventory" -> tooMuch(words, Command.Inventory::new);
      case "lost" -> tooMuch(words, Command.Lost::new);
      case "applied" -> tooMuch(words, WorkerWords::missing);
      case "disk" -> ofWorker(words, ScriptedWorker::registerOversizedDisk);
      default -> throw UnreadableWord.found(what, expected);
    };
  }

  private static ScenarioStep tooMuch(
      WordReader words, BiFunction<ReportHeader, List<ChunkNumber>, Command<?>> report)
      throws UnreadableWord {
    return ofWorker(words, worker -> worker.reportTooMuch(report));
  }

  private static Command<?> missing(ReportHeader header, List<ChunkNumber> chunks) {
    return new Command.Applied(header, new WorkerAssignmentId(1), chunks);
  }

  private static ScenarioStep spoil(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    return world ->
        world.withWorker(
            id,
            worker -> {
              world.faults.spoilNext(id);
              return worker.asksAgain();
            });
  }

  private static ScenarioStep ofWorker(WordReader words, Function<ScriptedWorker, Result> happens)
      throws UnreadableWord {
    WorkerId id = words.worker();
    return world -> world.withWorker(id, happens);
  }

  private static ScenarioStep load(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    List<ChunkKey> chunks = words.chunks();
    return world -> world.load(id, chunks);
  }

  private static ScenarioStep report(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    boolean isLate = words.skip("late");
    return world -> world.withWorker(id, worker -> isLate ? worker.reportLate() : worker.report());
  }

  private static ScenarioStep pressure(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    String expected = "the pressure in percent";
    long percent = WordReader.number(words.take(expected), 0, expected);
    return world -> world.withWorker(id, worker -> worker.reportPressure(percent / 100.0));
  }

  private static ScenarioStep ofId(
      WordReader words, BiFunction<ScenarioWorld, WorkerId, StepOutcome> happens)
      throws UnreadableWord {
    WorkerId id = words.worker();
    return world -> happens.apply(world, id);
  }

  // ---- how they are drawn ----

  private static Optional<String> join(Drawing of) {
    return of.sight.books().workerCount() < MOST_WORKERS
        ? Optional.of(Opening.worker(of.fresh("w"), of.opening.limits(), of.choices))
        : Optional.empty();
  }

  private static Optional<String> leave(Drawing of) {
    return of.active()
        .filter(id -> of.sight.canSpare(id) && Packing.fits(of.sight.books(), List.of(id)))
        .map(id -> "leave " + id);
  }

  private static Optional<String> link(Drawing of, String which) {
    String speed = of.choices.happens(30) ? "none" : 256 * (1 + of.choices.below(8)) + "KiB";
    return of.present(which).map(line -> line + " " + speed);
  }

  private static Optional<String> back(String disk, Drawing of) {
    List<WorkerId> gone = of.sight.workers(status -> status == WorkerStatus.DEPARTED);
    boolean isRestart = gone.isEmpty() && of.choices.happens(30);
    return of.one("return", isRestart ? of.sight.present() : gone).map(line -> line + disk);
  }

  /** Draws a replica count: any, none, or one below the present; for departed workers too. */
  private static Optional<String> anotherCount(Drawing of) {
    if (!of.opening.limits().isCounted()) {
      return Optional.empty();
    }
    return of.choices
        .any(of.sight.workers(status -> true))
        .map(id -> {
          int held = of.sight.held(id);
          boolean isCut = held > 1 && of.choices.happens(50);
          int count =
              isCut ? held - 1 - of.choices.below(Math.min(3, held - 1)) : 1 + of.choices.below(8);
          return "max_replicas " + id + " " + (of.choices.happens(30) ? "none" : "" + count);
        });
  }

  private static Optional<String> anotherZone(Drawing of) {
    return of.worker("zone", status -> true)
        .map(line ->
            line
                + " "
                + (of.choices.happens(15) ? "none" : of.opening.limits().otherPath(of.choices)));
  }

  private static Optional<String> anyBytes(Drawing of) {
    List<WorkerId> waiting =
        of.story.workers().stream().filter(id -> !of.story.wanted(id).isEmpty()).toList();
    return of.choices
        .any(waiting)
        .map(id -> {
          List<String> come = new ArrayList<>();
          for (SliceEntry entry : of.story.wanted(id)) {
            if (come.isEmpty() || of.choices.happens(50)) {
              come.add(entry.key().toString());
            }
          }
          return "load " + id + " " + String.join(",", come);
        });
  }

  private static Optional<String> anyLoss(Drawing of) {
    LifecycleSnapshot books = of.sight.books();
    return of.liveChunk()
        .flatMap(chunk ->
            of.choices
                .any(
                    of.sight.present().stream()
                        .filter(id ->
                            books.findReplica(books.chunkPosition(chunk), books.workerPosition(id))
                                >= 0)
                        .toList())
                .map(id -> "lost " + id + " " + chunk));
  }

  /** Draws mostly one part of a few, so that parts arrive out of order, twice, and not at all. */
  private static String parts(Drawing of) {
    int count = 1 + of.choices.below(3);
    if (of.choices.happens(20)) {
      return " parts " + count;
    }
    String part = " part " + (1 + of.choices.below(count)) + " of " + count;
    return of.choices.happens(20) ? part + " anew" : part;
  }

  // ---- losses at the worst moment ----

  /**
   * Draws losses once the window of a draining replica is over: as many of its replacements as make
   * the deletion rule hold it. Other deeds rarely do that.
   */
  private static List<String> heldDrain(Drawing of) {
    LifecycleSnapshot books = of.sight.books();
    List<List<String>> ways = new ArrayList<>();
    books.forEachChunk(chunk -> {
      int draining = LifecycleView.NONE;
      List<String> losses = new ArrayList<>();
      for (int slot : ReplicaSlots.of(books, chunk)) {
        boolean isHeld =
            books.isCounted(books.replicaWorker(slot)) && books.reportedPossessed(slot);
        if (isHeld && books.replicaState(slot) == ReplicaState.DRAINING) {
          draining = slot;
        } else if (isHeld && books.supersededAt(slot) == 0) {
          losses.add(
              "lost " + books.workerId(books.replicaWorker(slot)) + " " + books.chunkKey(chunk));
        }
      }
      int enough = Math.min(losses.size(), losses.size() - books.floor(chunk) + 1);
      if (books.isLive(chunk) && draining != LifecycleView.NONE && enough > 0) {
        long left = books.readableUntil(draining) - of.story.tick();
        List<String> way = new ArrayList<>(left > 0 ? List.of("tick " + left) : List.of());
        way.addAll(losses.subList(0, enough));
        way.add("schedule");
        ways.add(way);
      }
    });
    return of.choices.any(ways).orElse(List.of());
  }

  /**
   * Draws a departure that leaves a chunk short of its floor: the possible takers are cordoned for
   * one cycle. Other workers have a copy of everything, so the floor can be restored. Other deeds
   * rarely do that.
   */
  private static List<String> starvedFloor(Drawing of) {
    LifecycleSnapshot books = of.sight.books();
    List<List<String>> ways = new ArrayList<>();
    books.forEachChunk(chunk -> {
      Set<WorkerId> holders = new TreeSet<>();
      for (int slot : ReplicaSlots.of(books, chunk)) {
        if (books.supersededAt(slot) == 0 && books.isPresent(books.replicaWorker(slot))) {
          holders.add(books.workerId(books.replicaWorker(slot)));
        }
      }
      boolean canFall = books.isLive(chunk) && holders.size() > 1 && holders.size() <= MOST_FLOOR;
      for (WorkerId leaver : canFall ? holders : Set.<WorkerId>of()) {
        if (of.sight.canSpare(leaver) && Packing.fits(books, List.of(leaver))) {
          int floor = Math.max(books.floor(chunk), holders.size());
          ways.add(fallen(holders, leaver, floor, of));
        }
      }
    });
    return of.choices.any(ways).orElse(List.of());
  }

  private static List<String> fallen(
      Set<WorkerId> holders, WorkerId leaver, int floor, Drawing of) {
    int former = of.sight.books().config().minReplication();
    List<WorkerId> takers = new ArrayList<>(of.sight.active());
    takers.removeAll(holders);
    List<String> lines = new ArrayList<>();
    takers.forEach(id -> lines.add("cordon " + id));
    lines.add("set floor=" + floor);
    lines.add("leave " + leaver);
    lines.add("schedule");
    lines.add("set floor=" + former);
    takers.forEach(id -> lines.add("uncordon " + id));
    return lines;
  }
}
