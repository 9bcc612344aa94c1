package dev.stowage.sim.tool.plan;

import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.shape.Field;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.sim.kit.scenario.words.SettingText;
import dev.stowage.sim.tool.csv.CsvColumns;
import dev.stowage.sim.tool.csv.CsvFile;
import dev.stowage.sim.tool.csv.CsvRow;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The workers of a plan, in canonical order. */
final class WorkerList {
  private static final CsvColumns COLUMNS = PlanFields.columns(PlanFields.WORKERS_FILE);
  private static final String STATUSES = "active, cordoned, leaving, suspect, departed or away";

  private final Map<WorkerId, Long> lines = new HashMap<>();
  private final Set<WorkerId> withoutZone = new HashSet<>();
  private final Set<String> zones = new HashSet<>();
  private long pathLine;
  private int levels;
  private final List<Worker> workers = new ArrayList<>();
  private final Map<WorkerId, Integer> positions = new HashMap<>();
  private final boolean complete;

  private WorkerList(CsvFile file, ProblemList problems) {
    long before = problems.found();
    file.read(COLUMNS, problems, this::row);
    complete = problems.found() == before;
    workers.sort(Worker.CANONICAL_ORDER);
    for (int i = 0; i < workers.size(); i++) {
      positions.put(workers.get(i).id(), i);
    }
    nameZones();
  }

  static WorkerList read(CsvFile file, ProblemList problems) {
    return new WorkerList(file, problems);
  }

  /** Reports whether the file had no problem, so that an absent worker was not listed. */
  boolean isComplete() {
    return complete;
  }

  /** Returns the levels of the zone paths; 0 if no worker has a zone. */
  int levels() {
    return levels;
  }

  List<Worker> workers() {
    return workers;
  }

  /** Returns the position of a worker, or -1, also for a text that is no name. */
  int position(String id) {
    try {
      return position(WorkerId.of(id));
    } catch (IllegalArgumentException noName) {
      return -1;
    }
  }

  /** Returns the position of a worker, or -1. */
  int position(WorkerId id) {
    return positions.getOrDefault(id, -1);
  }

  private void row(CsvRow row) {
    Optional<WorkerId> id = row.value(PlanFields.WORKER, PlanFields.NAME, WorkerId::of);
    Optional<Worker.Description> described = described(row, id.map(WorkerId::value).orElse("?"));
    Optional<WorkerStatus> status =
        PlanFields.word(row, PlanFields.STATUS, WorkerStatus.ACTIVE, STATUSES);
    if (id.isEmpty()) {
      return;
    }
    Long before = lines.putIfAbsent(id.get(), row.line());
    if (before != null) {
      String found = InputProblem.quoted(id.get().value()) + ", which line " + before + " has";
      row.refuse(PlanFields.WORKER, "a worker that is listed once", found);
    }
    if (before != null || described.isEmpty() || status.isEmpty()) {
      return;
    }
    Optional<WorkerId> by = Optional.empty();
    if (row.has(PlanFields.REPLACED_BY)) {
      by = row.value(PlanFields.REPLACED_BY, PlanFields.NAME, WorkerId::of);
    }
    Worker worker = new Worker(id.get(), described.get(), status.get(), by);
    if (row.has(PlanFields.ZONE)) {
      checkLevels(row, id.get(), worker.zone());
      zones.add(worker.domain());
    } else {
      withoutZone.add(id.get());
    }
    workers.add(worker);
  }

  /** Reads every field, so that a refusal names every problem of the row. */
  private static Optional<Worker.Description> described(CsvRow row, String id) {
    Worker.Description read = Worker.Description.of(0, id);
    boolean isWhole = true;
    for (Field<Worker.Description, ?> field : Shape.of(Worker.Description.class).fields()) {
      if (row.has(field.name()) || field.name().equals("capacity_bytes")) {
        Optional<Worker.Description> next = described(row, field, read);
        isWhole &= next.isPresent();
        read = next.orElse(read);
      }
    }
    return isWhole ? Optional.of(read) : Optional.empty();
  }

  private static Optional<Worker.Description> described(
      CsvRow row, Field<Worker.Description, ?> field, Worker.Description before) {
    if (field instanceof NumberField<?> number && !isInBounds(row, number)) {
      return Optional.empty();
    }
    return row.value(
        field.name(),
        PlanFields.accepted(field),
        text ->
            Shape.of(Worker.Description.class)
                .read(before, field, new SettingText(PlanFields.checked(field, text), ";")));
  }

  private static boolean isInBounds(CsvRow row, NumberField<?> of) {
    return SettingText.isSize(of.unit())
        ? row.bytes(of.name()).isPresent()
        : row.number(of.name(), of.least(), of.most()).isPresent();
  }

  /** Records a problem if a path has another number of levels than the first one of the file. */
  private void checkLevels(CsvRow row, WorkerId id, String zone) {
    int found = zone.split("/", -1).length;
    if (levels == 0) {
      levels = found;
      pathLine = row.line();
    }
    if (found != levels) {
      String expected = levels == 1 ? "1 level" : levels + " levels";
      row.refuse(
          PlanFields.ZONE,
          "a path of " + expected + ", as in line " + pathLine,
          InputProblem.quoted(zone));
    } else if (found > 1 && zone.equals(id.value())) {
      row.refuse(
          PlanFields.ZONE, "a path that is not the id of the worker", InputProblem.quoted(zone));
    }
  }

  /** Names the zones of workers without one, apart from all given names. */
  private void nameZones() {
    int next = 0;
    for (int i = 0; i < workers.size(); i++) {
      Worker worker = workers.get(i);
      if (withoutZone.contains(worker.id()) && zones.contains(worker.id().value())) {
        String own = "own-" + next++;
        while (zones.contains(own) || lines.containsKey(WorkerId.of(own))) {
          own = "own-" + next++;
        }
        workers.set(i, worker.withZone(own));
      }
    }
  }
}
